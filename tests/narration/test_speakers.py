from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from audiostory.narration.annotate import annotate
from audiostory.narration.quotations import find_quotations
from audiostory.narration.speakers import SURE, Attribution, attribute, signature
from tests.narration.helpers import article, assert_linear


def attributed(language: str, *paragraphs: str) -> list[Attribution | None]:
    """The attributions of all direct quotations."""
    quotations = find_quotations(paragraphs, language)
    said = attribute(paragraphs, quotations, language)
    return [
        attribution
        for found, attributions in zip(quotations, said, strict=True)
        for quotation, attribution in zip(found, attributions, strict=True)
        if quotation.kind == "direct"
    ]


def speakers(language: str, *paragraphs: str) -> list[str | None]:
    """Who surely says each direct quotation."""
    return [a.speaker if a and a.is_sure else None for a in attributed(language, *paragraphs)]


# --- beside the quotation -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The bridge will stay closed,” Anna Weiss said.", "Anna Weiss"),
        ("“The bridge will stay closed,” said Anna Weiss, the mayor of Linz.", "Anna Weiss"),
        ("“Will it open?” asked the mayor’s deputy, Jan Novak.", "Jan Novak"),
        ("Anna Weiss said: “The bridge will stay closed.”", "Anna Weiss"),
        ("Anna Weiss, who has built three of them, said, “It will stay closed.”", "Anna Weiss"),
        (
            "Jan Novak, a deputy of the mayor, has already said that “it will stay closed.”",
            "Jan Novak",
        ),
        ("According to Anna Weiss, “the bridge will stay closed until May.”", "Anna Weiss"),
        ("“The bridge will stay closed,” according to Anna Weiss.", "Anna Weiss"),
        ("Anna Weiss took the stage and said, “The bridge will stay closed.”", "Anna Weiss"),
        ("Anna Weiss raised the question herself, saying, “It will stay closed.”", "Anna Weiss"),
        ("In Salem, Oregon, Anna Weiss told reporters: “It will stay closed.”", "Anna Weiss"),
        ("“It stays closed,” Deputy Prime Minister Jan Novak told The Times.", "Jan Novak"),
        ("“It stays closed,” former city engineer Jan Novak wrote.", "Jan Novak"),
        ("“It stays closed,” Sen. Ann Rey (D-N.Y.) said.", "Ann Rey"),
        ("“It stays closed,” said Ludwig van der Berg.", "Ludwig van der Berg"),
        (
            "“It stays closed,” one source close to the Council said.",
            "one source close to the Council",
        ),
        ("“It stays closed,” Linz police said in a statement.", "Linz police"),
        ("“It stays closed,” the ministry said.", "the ministry"),
    ],
)
def test_who_is_named_beside_a_quotation_says_it(text: str, speaker: str) -> None:
    assert speakers("en", text) == [speaker]


def test_both_parts_of_what_a_narrator_breaks_into_have_one_speaker() -> None:
    text = "“It stays closed,” Anna Weiss said, “until the ice has gone.” “Then we shall see.”"
    assert speakers("en", text)[:2] == ["Anna Weiss", "Anna Weiss"]


def test_what_follows_in_the_same_paragraph_is_the_same_speaker_s() -> None:
    text = "“It stays closed,” Anna Weiss said. “Nobody may cross it before May.”"
    assert speakers("en", text) == ["Anna Weiss", "Anna Weiss"]


def test_a_quotation_over_paragraphs_has_one_speaker() -> None:
    assert (
        speakers(
            "en",
            "Anna Weiss was blunt, saying: “The bridge stays closed.",
            "“Nobody may cross it before May.",
            "“That is all.”",
        )
        == ["Anna Weiss"] * 3
    )


def test_a_paragraph_with_a_colon_leads_in_the_next() -> None:
    assert speakers("en", "Anna Weiss wrote to the town:", "“The bridge stays closed.”") == [
        "Anna Weiss"
    ]


def test_a_line_with_a_dash_signs_the_quotation_above() -> None:
    assert speakers("en", "“The bridge stays closed.”", "— Anna Weiss, engineer") == ["Anna Weiss"]


def test_a_slogan_after_a_colon_is_nobody_s_surely() -> None:
    text = "The town’s sources claim that it has a “simple argument” for all: “Nobody may cross.”"
    assert speakers("en", text) == [None]


def test_where_nothing_says_who_speaks_nobody_is_named() -> None:
    assert speakers("en", "It rained. “The bridge stays closed.” It rained on.") == [None]
    assert speakers("ja", "「橋は閉まったままです。私たちは待ちます。」と市長が言った。") == [None]


# --- one name, and whom words mean ----------------------------------------------------------


def test_a_person_has_the_fullest_name_that_the_article_gives() -> None:
    assert (
        speakers(
            "en",
            "Mayor Anna Weiss came late.",
            "“The bridge stays closed,” Weiss said.",
            "“Nobody may cross,” said Mayor Weiss.",
            "“It is the ice,” Anna Weiss said.",
        )
        == ["Anna Weiss"] * 3
    )


def test_titles_before_a_name_are_not_part_of_it() -> None:
    text = "“It stays closed,” Council Adviser Jan Novak said."
    assert speakers("en", text) == ["Jan Novak"]


def test_a_misprinted_surname_is_its_owner_s() -> None:
    paragraphs = ("Mykhailo Podolyak spoke.", "“We stay here,” Podolyok said.")
    assert speakers("en", *paragraphs) == ["Mykhailo Podolyak"]


def test_namesakes_are_told_by_their_titles() -> None:
    assert speakers(
        "en",
        "Bill Stone and Mary Stone met Mary Stone’s friends.",
        "“We stay here,” Mr. Stone said.",
        "“We go,” Mrs. Stone said.",
    ) == ["Bill Stone", "Mary Stone"]


def test_a_pronoun_is_the_person_last_spoken_of_whom_it_fits() -> None:
    assert speakers(
        "en",
        "“It stays closed,” Anna Weiss said.",
        "“Nobody may cross it,” she added.",
        "Peter Novak disagreed. “We shall cross it,” he told reporters.",
    ) == ["Anna Weiss", "Anna Weiss", "Peter Novak"]


def test_the_source_is_the_source_described_before() -> None:
    assert (
        speakers(
            "en",
            "“It stays closed,” a source from Anna Weiss's office told The Times.",
            "The source added: “Nobody may cross it before May.”",
        )
        == ["a source from Anna Weiss's office"] * 2
    )


# --- whom a sentence before is about ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Maria Lund mends the nets herself. “It calms me,” she said.", "Maria Lund"),
        ("Peter’s boss, Maria Lund, has no time. “Come back later,” she said.", "Maria Lund"),
        ("The harbour’s owner, Maria Lund, is calm: “Come back later.”", "Maria Lund"),
        ("His wife, Maria, disagrees: “We shall stay at home.”", "Maria"),
        ("The mayor disagrees: “We shall stay at home.”", "the mayor"),
        ("Mr. Lund’s driver, who had waited, wept. “It is over,” she said.", "Mr. Lund’s driver"),
    ],
)
def test_a_pronoun_and_a_colon_mean_whom_the_sentence_is_about(text: str, speaker: str) -> None:
    before = "“We shall see,” Anna Weiss said."
    assert speakers("en", before, text)[1:] == [speaker]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Ihr Mann Karl sieht müde aus. „Wir gehen“, sagt er.", "Karl"),
        ("de", "Die Gärtnerin Anna Lund mag Regen: „Er kommt zu selten.“", "Anna Lund"),
        ("fr", "Anne Lund, 70 ans, hausse les épaules : « Il pleut, voilà tout. »", "Anne Lund"),
        ("ru", "Её коллега Иван Белов устал: «Мы ждём уже третью неделю».", "Иван Белов"),
        ("ru", "Столяр Иван Белов молчит. «Мы ждём», — отвечает он.", "Иван Белов"),
        ("ru", "Местный инженер устал. «Мы ждём», — сказал он.", "Местный инженер"),
    ],
)
def test_a_word_for_what_somebody_is_is_no_part_of_the_name(
    language: str, text: str, expected: str
) -> None:
    assert speakers(language, text) == [expected]


def test_he_or_she_is_no_office() -> None:
    text = ("“We wait,” the ministry said.", "Nobody knows why. “We wait,” he said.")
    assert speakers("en", *text) == ["the ministry", None]


def test_a_pronoun_is_not_sure_where_a_sentence_has_two_whom_it_fits() -> None:
    text = "Peter Novak nodded when Paul Lund, said Peter, was late. “We wait,” he said."
    assert speakers("en", "“Go,” said Paul Lund. “Come,” said Jan Holm.", text)[-1] != "Jan Holm"


# --- whatever the verb -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "“It never stops,” marvels Maria Lund.", ["Maria Lund"]),
        ("ru", "«Мы ждём, — хохочет Иван Белов. — Что же ещё».", ["Иван Белов"] * 2),
        ("uk", "«Ми чекаємо», — сміється столяр Іван Білий.", ["Іван Білий"]),
        ("de", "„Sie kommen öfter“, hat Anna Lund gezählt.", ["Anna Lund"]),
        ("fr", "« Il pleut, voilà tout », grogne Anne Lund.", ["Anne Lund"]),
        ("es", "«Llueve —puntualiza Ana Lund—, y no poco».", ["Ana Lund"]),
    ],
)
def test_who_stands_where_who_speaks_does_speaks_whatever_the_verb(
    language: str, text: str, expected: list[str | None]
) -> None:
    assert speakers(language, text) == expected


def test_a_manner_after_a_name_is_no_part_of_it() -> None:
    text = "«Llueve mucho», dice Ana Lund encogiéndose de hombros."
    assert speakers("es", text) == ["Ana Lund"]


# --- descriptions ----------------------------------------------------------------------------


def test_a_description_keeps_what_tells_who_it_is() -> None:
    assert speakers("en", "“We wait,” said a driver for the bank, who was tired.") == [
        "a driver for the bank"
    ]
    text = "Источник, близкий к министерству, сообщил: «Решение принято ещё вчера»."
    assert speakers("ru", text) == ["Источник, близкий к министерству"]


def test_a_sign_is_nobody() -> None:
    assert speakers("en", "A sign on the door says: “We shall be back on Monday.”") == [None]
    assert speakers("es", "Un letrero en la puerta dice: «Volvemos el lunes por la tarde».") == [
        None
    ]


def test_a_line_of_a_dialogue_does_not_sign_the_line_before() -> None:
    assert speakers("ru", "— Где мой мяч?", "— Ты на нём сидишь!") == [None, None]


# --- other languages ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "paragraphs", "expected"),
    [
        (
            "de",
            (
                "„Die Brücke bleibt zu“, sagte Bürgermeisterin Anna Weiß am Montag in Linz.",
                "„Niemand darf hinüber“, fügte sie hinzu.",
                "Der CDU-Politiker Jan Novak erklärte: „Das geht so nicht weiter.“",
                "„Wir warten ab“, so Novak.",
            ),
            ["Anna Weiß", "Anna Weiß", "Jan Novak", "Jan Novak"],
        ),
        (
            "de",
            ("Ursula von der Leyen kam. „Europa steht zusammen“, sagte von der Leyen.",),
            ["Ursula von der Leyen"],
        ),
        (
            "de",
            ("Karl Aslan öffnet um zwei. Tagsüber schläft er. „Es ist ruhig“, sagt er.",),
            ["Karl Aslan"],
        ),
        (
            "fr",
            (
                "« Le pont reste fermé », a déclaré la maire Anne Dupont. « Nul ne passe », "
                "a-t-elle ajouté.",
                "Selon l’ingénieur Jean Martin, « la glace a tout emporté en une seule nuit ».",
                "Anne Dupont revient. « Je reste, dit-elle, et je ne bouge pas. »",
            ),
            ["Anne Dupont", "Anne Dupont", "Jean Martin", "Anne Dupont", "Anne Dupont"],
        ),
        (
            "es",
            (
                "«El puente sigue cerrado», dijo la alcaldesa Ana de la Fuente. «Nadie pasa», "
                "añadió.",
                "«Esperamos», explicó una fuente del ministerio.",
            ),
            ["Ana de la Fuente", "Ana de la Fuente", "una fuente del ministerio"],
        ),
        (
            "ru",
            (
                "«Мост остаётся закрытым», — заявил пресс-секретарь мэра Иван Петров.",
                "По словам Петрова, «лёд снёс всё за одну ночь».",
                "«Мы ждём, — сказал он. — Другого выхода нет».",
                "«Никто не пройдёт», — сказала в интервью «Ъ» глава района Анна Белова.",
                "Белова подчеркнула: «Решение ещё не принято».",
            ),
            [*["Иван Петров"] * 3, "Анна Белова", "Анна Белова"],
        ),
        (
            "it",
            (
                "«Il ponte resta chiuso», ha detto la sindaca Anna Bianchi. «Nessuno passa», "
                "ha aggiunto.",
                "Secondo il geologo Mario Rossi, «la frana è ferma da almeno due settimane».",
            ),
            ["Anna Bianchi", "Anna Bianchi", "Mario Rossi"],
        ),
        (
            "pl",
            ("Premier Jan Nowak napisał: „Czekamy na decyzję, która zapadnie jutro.”",),
            ["Jan Nowak"],
        ),
        (
            "cs",
            ("„Most zůstane zavřený,“ řekl starosta Jan Novák. „Nikdo neprojde,“ dodal.",),
            ["Jan Novák", "Jan Novák"],
        ),
        (
            "uk",
            (
                "«Міст залишається закритим», — заявила мерка Оксана Коваль.",
                "«Ніхто не пройде», — додала вона.",
            ),
            ["Оксана Коваль", "Оксана Коваль"],
        ),
    ],
)
def test_other_languages_say_it_in_their_own_words(
    language: str, paragraphs: tuple[str, ...], expected: list[str]
) -> None:
    assert speakers(language, *paragraphs) == expected


def test_dialogue_after_dashes_has_speakers_too() -> None:
    assert speakers(
        "ru", "— Я пойду завтра, — сказал Иван Петров. — Не сегодня.", "— Хорошо, — сказала Анна."
    ) == ["Иван Петров", "Иван Петров", "Анна"]
    assert speakers("fr", "— Je pars demain, dit Marie. Tu viens ?") == ["Marie", "Marie"]


# --- in the article's tree ------------------------------------------------------------------


def marked(inner: str, language: str = "en") -> HtmlElement:
    source = article(inner, language)
    return annotate(source.body, source.language)


def voices(body: HtmlElement) -> list[tuple[str | None, str | None]]:
    quoted = [e for e in body.iter("q", "blockquote") if e.get("class") != "fragment"]
    return [(e.get("data-speaker"), e.get("data-voice")) for e in quoted]


def test_a_quotation_knows_its_speaker_and_the_number_of_the_voice() -> None:
    body = marked(
        "<h1>The bridge</h1><p>“It stays closed,” Anna Weiss said.</p>"
        "<p>“We <em>shall</em> cross it,”<br> said Jan Novak.</p><p>“No,” Weiss said.</p>"
    )
    assert voices(body) == [("Anna Weiss", "1"), ("Jan Novak", "2"), ("Anna Weiss", "1")]


def test_where_it_is_not_sure_the_tree_names_nobody() -> None:
    body = marked("<p>It rained.</p><p>“The bridge stays closed.”</p>")
    assert voices(body) == [(None, None)]


def test_a_block_quotation_is_whose_it_is_signed_by_or_who_leads_it_in() -> None:
    body = marked(
        "<p>Jan Novak wrote:</p><blockquote><p>We shall cross it.</p><p>Soon.</p></blockquote>"
        "<p>It rained.</p><blockquote><p>It stays closed.</p><p>— Anna Weiss, engineer</p>"
        "</blockquote>"
    )
    assert voices(body) == [("Jan Novak", "1"), ("Anna Weiss", "2")]


def test_a_report_that_signs_is_nobody() -> None:
    body = marked(
        "<p>It rained.</p><blockquote><p>It stays closed.</p><p>— From the report</p></blockquote>"
    )
    assert voices(body) == [(None, None)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("— Anna Weiss, engineer", "Anna Weiss"),
        ("-- Anna Weiss (Linz)", "Anna Weiss"),
        ("by Anna Weiss", "Anna Weiss"),
        ("—", None),
    ],
)
def test_a_signature_is_the_name_without_dash_and_office(line: str, name: str | None) -> None:
    assert signature(line) == name


# --- any text -------------------------------------------------------------------------------

_SOUP = (
    "“It rains,” said Anna Weiss he who , . : — according to the mayor of Mr. “No.” and added «Да» "
    "сказал Иван ( ) ’s \u200b \ud800 dit-il “ ” told whom \u202eabc 1"
)
_WORDS = st.sampled_from(_SOUP.split())
_PARAGRAPHS = st.lists(st.lists(_WORDS, max_size=25).map(" ".join), max_size=6)


@given(_PARAGRAPHS, st.sampled_from(["en", "de", "ru", "fr", "es", "uk", "pl", "xx"]))
@settings(max_examples=150, deadline=None)
def test_whoever_is_named_stands_in_the_text(paragraphs: list[str], language: str) -> None:
    text = " ".join(" ".join(paragraphs).split()).casefold()
    for attribution in attributed(language, *paragraphs):
        if attribution is not None:
            assert 0 <= attribution.confidence <= 1
            assert attribution.speaker.casefold() in text


@pytest.mark.parametrize(
    "text",
    [
        "“Come in,” she said. ",
        "“Come in,” Anna Weiss said. ",
        "Anna Weiss, ",
        "“Come in,” ",
        "said ",
        "in “Come in,” in in in she said, in, in he said. ",
        "Anna Weiss said that “he may come in if he likes it” and ",
    ],
)
def test_time_grows_with_the_text_and_not_with_its_square(text: str) -> None:
    def work(amount: int) -> None:
        attributed("en", text * amount)

    assert_linear(work, 4_000)


def test_a_thousand_namesakes_take_no_longer() -> None:
    def work(amount: int) -> None:
        named = [f"“Come in,” said A{'bcdefghij'[n % 9]}{n} Smith." for n in range(amount)]
        attributed("en", *named)

    assert_linear(work, 3_000)


def test_sure_is_what_is_named() -> None:
    assert Attribution("Anna Weiss", SURE).is_sure
    assert not Attribution("Anna Weiss", SURE - 0.01).is_sure


# --- where it is not sure, nobody is named ---------------------------------------------------


@pytest.mark.parametrize(
    ("language", "paragraphs"),
    [
        ("ru", ("— Когда?", "— Как всегда.")),
        ("uk", ("— Двадцять?", "— Авжеж.")),
        ("es", ("—¿Veinte?", "—Veinte cajas.")),
    ],
)
def test_a_reply_signs_nothing(language: str, paragraphs: tuple[str, ...]) -> None:
    assert speakers(language, *paragraphs) == [None, None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Anna Weiss quoted Darwin: “There is grandeur in this view.”"),
        ("ru", "Анна Белова процитировала Чехова: «Краткость — сестра таланта»."),
        ("ru", "Иван Белов напомнил слова Чехова: «Краткость — сестра таланта»."),
        ("de", "Anna Weiss zitierte Schiller: „Der Starke ist am mächtigsten allein.“"),
        ("fr", "Anne Petit cite Voltaire : « Il faut cultiver notre jardin. »"),
        ("es", "Ana Vega recordó las palabras de Lorca: «Verde que te quiero verde»."),
    ],
)
def test_whoever_quotes_another_does_not_say_it(language: str, text: str) -> None:
    assert speakers(language, text) == [None]


def test_a_crowd_is_neither_he_nor_she() -> None:
    text = "“Go on!” the crowd shouted as Anna Weiss came in. “I am late,” she told them."
    assert speakers("en", text) == ["the crowd", "Anna Weiss"]


def test_who_stands_after_whose_is_somebody_else() -> None:
    text = "“No,” said Jan Novak of Weiss, whose aunt, the singer Ida Blum, once said: “Yes.”"
    assert speakers("en", text)[-1] != "Jan Novak"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("«Идём», — сказала Белова Кириллу Чайкину.", "Белова"),
        ("Помощница Беловой Ольга Чайкина сказала: «Идём».", "Ольга Чайкина"),
        ("«Идём», — сказала адвокат Белова Инна Рябова.", "Инна Рябова"),
    ],
)
def test_cases_tell_two_names_apart(text: str, speaker: str) -> None:
    assert speakers("ru", text) == [speaker]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "«Идём», — сказала Анна Белова Ивану. «Нет», — возразил тот."),
        ("es", "«Vamos», dijo Ana Vega a Juan Sanz. «No», respondió este."),
        ("de", "„Los“, sagte Anna Weiß zu Jens Blum. Der antwortete: „Nein.“"),
    ],
)
def test_another_than_who_spoke_last_has_no_name(language: str, text: str) -> None:
    assert speakers(language, text)[1] is None


def test_to_whom_somebody_speaks_is_no_part_of_the_name() -> None:
    assert speakers("de", "„Los“, sagte Anna Weiß zu Blum.") == ["Anna Weiß"]


def test_two_quotations_side_by_side_may_be_a_question_and_its_answer() -> None:
    text = "“Well,” Jan Novak replied, “I was late.” “For what?” “For the train.”"
    assert speakers("en", text) == ["Jan Novak", "Jan Novak", None, None]


def test_a_surname_that_two_people_have_names_neither() -> None:
    before = "Helen Weiss spoke first. David Weiss, no relation, objected."
    assert speakers("en", before, "“The bridge is closed,” Weiss said.") == [None]
    assert speakers("en", before, "“The bridge is closed,” Mrs. Weiss said.") == ["Helen Weiss"]


def test_a_title_that_does_not_fit_is_another_person_s() -> None:
    text = "“We stay,” said Mr. Varga. His wife, Dr. Imola Varga, was not asked."
    assert speakers("en", text) == ["Mr. Varga"]
    assert (
        speakers("en", "“We stay,” said Zsombor Varga.", "“All of us,” Mr. Varga said.")
        == ["Zsombor Varga"] * 2
    )


@pytest.mark.parametrize(
    ("language", "text", "gender"),
    [
        ("en", "“It stays,” Anna Weiss said.", "female"),
        ("en", "“It stays,” said Mr. Varga.", "male"),
        ("en", "“It stays,” his wife said.", "female"),
        ("en", "“It stays,” the ministry said.", None),
        ("en", "“It stays,” Zsombor Varga said.", None),
        ("de", "„Es bleibt“, sagte Jens Blum.", "male"),
        ("ru", "«Идём», — сказала Анна Белова.", "female"),
    ],
)
def test_a_speaker_whose_gender_is_told_has_it(
    language: str, text: str, gender: str | None
) -> None:
    quotation = next(marked(f"<p>{text}</p>", language).iter("q"))
    assert (quotation.get("data-speaker") is not None, quotation.get("data-gender")) == (
        True,
        gender,
    )


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "Jens Blum sagte: „Nein.“ Auf Nachfrage sagte er: „Vielleicht.“", "Jens Blum"),
        ("de", "„Viel Glück!“, riefen die Kinder Jens Blum zu.", None),
        ("en", "The petition, signed by Ann Weiss and Jan Novak, says: “We will stay.”", None),
        ("en", "A statement from Jan Novak’s lawyer said: “We will stay.”", None),
    ],
)
def test_what_only_stands_beside_the_verb_is_no_speaker(
    language: str, text: str, said: str | None
) -> None:
    assert speakers(language, text)[-1] == said


def test_lines_of_a_dialogue_in_one_paragraph_are_not_all_the_first_speaker_s() -> None:
    lines = "— Vous restez ? demanda le facteur.<br>— Non, dit-elle.<br>— Ah ?<br>— Si."
    quoted = marked(f"<p>{lines}</p>", "fr").iter("q")
    assert [q.get("data-speaker") for q in quoted][1:] == [None, None]
