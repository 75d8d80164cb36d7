from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.narration.quotations import Quotation, find_quotations
from tests.narration.helpers import assert_linear

MARKS = "“”„«»‘’‚‹›「」『』\"'`—–"


def quoted(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Each quotation of one paragraph with its marks, and its kind."""
    return quoted_in([text], language)[0]


def nested(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Each quotation that stands in another one, however deep, and its kind."""
    waiting = list(find_quotations([text], language)[0])
    found: list[tuple[str, str]] = []
    while waiting:
        inner = waiting.pop(0).nested
        found += [(text[q.start : q.end], q.kind) for q in inner]
        waiting += inner
    return found


def quoted_in(texts: list[str], language: str = "en") -> list[list[tuple[str, str]]]:
    found = find_quotations(texts, language)
    return [
        [(text[q.start : q.end], q.kind) for q in quotations]
        for text, quotations in zip(texts, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("language", "text", "speech"),
    [
        ("en", "“Come in,” she said. “It’s cold.”", ["“Come in,”", "“It’s cold.”"]),
        ("en-GB", "‘Come in,’ she said. ‘It’s cold.’", ["‘Come in,’", "‘It’s cold.’"]),
        ("en", '"Come in," she said. "It\'s cold."', ['"Come in,"', '"It\'s cold."']),
        ("en", "'Come in,' she said. 'It's cold.'", ["'Come in,'", "'It's cold.'"]),
        ("de", "Er sagte: „Das ist gut.“ Dann ging er.", ["„Das ist gut.“"]),
        ("de", "Er sagte: »Das ist gut.« Dann ging er.", ["»Das ist gut.«"]),
        ("de-CH", "Er sagte: «Das ist gut.» Dann ging er.", ["«Das ist gut.»"]),
        ("fr", "Il a dit : « Je ne sais pas. » Puis rien.", ["« Je ne sais pas. »"]),
        ("fr", "« Bonjour\u202f! », dit-elle.", ["« Bonjour\u202f! »"]),
        ("es", "Dijo: «Me voy.» Y se fue.", ["«Me voy.»"]),
        ("es", "Dijo: “Me voy.” Y se fue.", ["“Me voy.”"]),
        ("ru", "«Мы дома», — сказала она.", ["«Мы дома»"]),
        ("uk", "«Ми вдома», — сказала вона.", ["«Ми вдома»"]),
        ("ja", "「おはよう。」と彼は言った。", ["「おはよう。」"]),
        ("es", "“¿Cómo vamos a pagar?”, preguntó Ana.", ["“¿Cómo vamos a pagar?”"]),
        ("es", "«¡Vámonos!», dijo.", ["«¡Vámonos!»"]),
        ("de", "«Grüezi», sagte sie.", ["«Grüezi»"]),
        ("de-CH", "«Grüezi», sagte sie.", ["«Grüezi»"]),
        ("de", "Er sagte: “Das ist gut.” Dann ging er.", ["“Das ist gut.”"]),
        ("ru", "Он сказал: “Мы дома, и всё хорошо”.", ["“Мы дома, и всё хорошо”"]),
        ("uk", "“Ми вдома”, — сказала вона. „Так“.", ["“Ми вдома”", "„Так“"]),
        ("en", "“[We] lost,” he says.", ["“[We] lost,”"]),
        ("en", "“… and so on,” she said.", ["“… and so on,”"]),
        ("en", "“...and so on,” she said.", ["“...and so on,”"]),
        ("en", "(“Not me,” she adds.)", ["“Not me,”"]),
        ("en", "According to Lee, “the plan is dead.”", ["“the plan is dead.”"]),
        ("en", '"Really?" "Yes, really."', ['"Really?"', '"Yes, really."']),
        ("en", '"I think" — she paused — "we lost," said Lee.', ['"I think"', '"we lost,"']),
        ("en", "“I think”—she paused—“we lost,” said Lee.", ["“I think”", "“we lost,”"]),
        ("en", "''Come in,'' she said. ''It's cold.''", ["''Come in,''", "''It's cold.''"]),
        ("en", "``Come in,'' she said.", ["``Come in,''"]),
        ("pl", ",,Wejdź'', powiedziała.", [",,Wejdź''"]),
        ("en", "“Because—” She looked away.", ["“Because—”"]),
        ("en", "“Safety,” said Grimm, a driver.", ["“Safety,”"]),
        ("en", "‘We were never asked’: tenants fight the sale", ["‘We were never asked’"]),
        (
            "ru",
            "Как он говорит, «стал чемпионом Башкирии среди мужиков».",
            ["«стал чемпионом Башкирии среди мужиков»"],
        ),
        ("ru", '"Уйдём", - сказал он.', ['"Уйдём"']),
        ("ru", "Министр подчеркнул: «Работа идёт» и уехал.", ["«Работа идёт»"]),
        ("ru", "«Решения нет» — Песков", ["«Решения нет»"]),
        ("ja", "彼は「はい」と言った。", ["「はい」"]),
        ("cs", "„Nevím,“ řekl Hons.", ["„Nevím,“"]),
    ],
)
def test_speech_is_found_in_the_marks_of_its_language(
    language: str, text: str, speech: list[str]
) -> None:
    assert quoted(text, language) == [(words, "direct") for words in speech]


@pytest.mark.parametrize(
    ("language", "text", "speech"),
    [
        ("ru", "«Мы дома, — сказала она. — Всё хорошо».", ["«Мы дома,", "Всё хорошо»"]),
        ("ru", '"Мы дома, - сказала она, - и рады".', ['"Мы дома,', 'и рады"']),
        ("uk", "«Ми вдома, — каже вона, — і раді».", ["«Ми вдома,", "і раді»"]),
        ("es", "«La luz no —matiza Ana—, pero sí el gas».", ["«La luz no", "pero sí el gas»"]),
        ("fr", "« Oui, dit-il, je viens. »", ["« Oui,", "je viens. »"]),
        ("fr", "« Non ! s’écrie-t-elle. Je reste. »", ["« Non !", "Je reste. »"]),
        ("fr", "« Le train, explique Jean Roux, est parti. »", ["« Le train,", "est parti. »"]),
        ("fr", "« Oui, a répondu la mairie, bientôt. »", ["« Oui,", "bientôt. »"]),
    ],
)
def test_what_the_narrator_says_within_the_marks_is_no_speech(
    language: str, text: str, speech: list[str]
) -> None:
    assert quoted(text, language) == [(words, "direct") for words in speech]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "«Свобода — это, как мы знаем, осознанная необходимость»."),
        ("ru", "«То, что вы видите, — это не чудо: это работа»."),
        ("ru", "«Потом кто-то — кажется, Иван — засмеялся, и все ушли»."),
        ("en", "“The plan — he said it — is dead, I promise you.”"),
        ("fr", "« Mon père, ma mère, mes sœurs sont partis hier. »"),
        ("fr", "« Et lui, viendra-t-il ? Je ne sais pas. »"),
        ("es", "«Mi casa —la de mi madre— ya no existe, amigos»."),
    ],
)
def test_dashes_and_commas_within_speech_are_part_of_it(language: str, text: str) -> None:
    assert len(quoted(text, language)) == 1


@pytest.mark.parametrize(
    ("language", "text", "speech"),
    [
        ("ru", "— Привет, — сказал он. — Пойдём.", ["— Привет,", "Пойдём."]),
        ("ru", "- Привет, - сказал он.", ["- Привет,"]),
        ("ru", "— Нет! — вскинулся он. — Никогда!", ["— Нет!", "Никогда!"]),
        ("ru", "— Я дома, — он снял шапку, — и рад.", ["— Я дома,", "и рад."]),
        (
            "ru",
            "— То, что вы видите, — это чудо, — сказал он.",
            ["— То, что вы видите, — это чудо,"],
        ),
        ("uk", "– Буде, – відповідає він. – Завтра.", ["– Буде,", "Завтра."]),
        ("fr", "– Oui, dit-il.", ["– Oui,"]),
        ("fr", "– C’est fini, soupira-t-elle en partant. Viens.", ["– C’est fini,", "Viens."]),
        ("fr", "— Tu viens ? demanda Paul.", ["— Tu viens ?"]),
        ("ru", "— Не я, — Анна кивнула на окно, — это ветер.", ["— Не я,", "это ветер."]),
        ("ru", "— Мы победили — и точка, — сказал он.", ["— Мы победили — и точка,"]),
        ("es", "—Buenos días —saludó el juez.", ["—Buenos días"]),
        ("es", "—No —respondió, y añadió—: Quizá.", ["—No", "Quizá."]),
        ("fr", "— Certain, répond le chef. Au fond.", ["— Certain,", "Au fond."]),
        ("es", "—Ven —dijo ella—. Ya.", ["—Ven", "Ya."]),
        ("es", "—¿Y si no? —pregunto.", ["—¿Y si no?"]),
        ("pl", "– Kiedyś było lepiej – wspomina Jan. – Teraz czekam.", None),
    ],
)
def test_what_follows_a_dash_that_opens_a_paragraph_is_speech(
    language: str, text: str, speech: list[str] | None
) -> None:
    expected = speech or ["– Kiedyś było lepiej", "Teraz czekam."]
    assert quoted(text, language) == [(words, "direct") for words in expected]


def test_neighbours_of_dialogue_are_dialogue() -> None:
    texts = ["— Кто там?", "— Я, — сказал Пётр.", "Стало тихо.", "— Входи."]
    assert quoted_in(texts, "ru") == [
        [("— Кто там?", "direct")],
        [("— Я,", "direct")],
        [],
        [("— Входи.", "direct")],
    ]


def test_a_short_run_of_turns_is_dialogue() -> None:
    texts = ["À cinq heures :", "— Maman, c’est la mer !", "— Non, c’est Béziers."]
    assert [len(found) for found in quoted_in(texts, "fr")] == [0, 1, 1]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ru", ["Что взять:", "— два литра воды;", "— спички;", "— карту и компас."]),
        ("ru", ["Итоги:", "— Принят бюджет.", "— Закрыт завод."]),
        ("ru", ["— Как вы начали?", "— С нуля.", "— А потом?", "— Потом был завод."]),
        ("en", ["— Come in, — he said. — Sit."]),
        ("de", ["– Komm, – sagte er."]),
        ("ru", ["— главный вопрос дня"]),
        ("fr", ["– 12 h 30 : départ du car"]),
    ],
    ids=["list", "list of sentences", "interview", "English", "German", "one item", "timetable"],
)
def test_not_every_dash_opens_speech(language: str, texts: list[str]) -> None:
    assert quoted_in(texts, language) == [[] for _ in texts]


def test_a_quotation_in_dialogue_is_nested() -> None:
    text = "— Я говорю: «А чай?» Молчит, — смеётся Анна в фильме «Чай»."
    assert quoted(text, "ru") == [("— Я говорю: «А чай?» Молчит,", "direct"), ("«Чай»", "title")]
    assert nested(text, "ru") == [("«А чай?»", "nested")]


@pytest.mark.parametrize(
    "text",
    [
        "In the '90s rock 'n' roll was the boys' music.",
        "In the ’90s rock ’n’ roll was the boys’ music.",
        "In the ‘90s rock ‘n’ roll was new.",
        "'Tis the season, he wrote, and 'twas the night.",
        "It's the writers' house, isn't it?",
        'He is 6\'2" tall and the disc is 12" wide.',
        "The wall is 6' high and the nail 3\" long.",
        'The 12" disc and the 7" disc.',
        "L'homme qu'il a vu n'est pas d'ici.",
    ],
)
def test_apostrophes_feet_and_inches_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


def test_a_possessive_does_not_close_a_quotation() -> None:
    text = "He said: 'The boys' toys are here.' Then he left."
    assert quoted(text) == [("'The boys' toys are here.'", "direct")]


def test_a_quotation_can_hold_apostrophes() -> None:
    text = "It was ‘rock ’n’ roll’ that she loved."
    assert quoted(text) == [("‘rock ’n’ roll’", "fragment")]


@pytest.mark.parametrize("apostrophe", "'‘’")
def test_a_decade_in_a_quotation_opens_none(apostrophe: str) -> None:
    opening, closing = ("'", "'") if apostrophe == "'" else ("‘", "’")
    text = f"{opening}I loved it, and it is the {apostrophe}90s again.{closing}"
    assert quoted(f"{text} Then he left.") == [(text, "direct")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“She told me, ‘Come in,’ and I did.”"),
        ("en-GB", "‘She told me, “Come in,” and I did.’"),
        ("de", "„Er sagte ‚nein‘ und ging.“"),
        ("de", "»Wir sagten ›nein‹ dazu und gingen.«"),
        ("fr", "« Il a dit “non”, puis il est parti. »"),
        ("ru", "«Она сказала: „Мы дома“, — и ушла.»"),
        ("es", "«Me dijo “no” y se fue a casa.»"),
    ],
)
def test_a_quotation_in_a_quotation_is_part_of_it(language: str, text: str) -> None:
    assert quoted(text, language) == [(text, "direct")]
    assert [kind for _, kind in nested(text, language)] == ["nested"]


def test_quotations_are_nested_in_one_another() -> None:
    text = "“She told me, ‘He said “no” again,’ and I left.”"
    assert quoted(text) == [(text, "direct")]
    assert nested(text) == [("‘He said “no” again,’", "nested"), ("“no”", "nested")]


def test_a_title_that_is_spoken_of_is_no_nested_quotation() -> None:
    assert nested("“I read the novel ‘Dune’ twice,” she said.") == [("‘Dune’", "title")]


def test_a_phrase_holds_no_quotations() -> None:
    text = "They called it “the ‘new’ house” then."
    assert quoted(text) == [("“the ‘new’ house”", "fragment")]
    assert nested(text) == []


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "She called it a “full-scale offensive” on Monday.", "fragment"),
        ("en", "They called him “the longest serving mayor I ever met”.", "fragment"),
        ("en", "It holds, by her estimate, “nineteen days and a puddle.”", "fragment"),
        ("en", "They marched under the slogan “Hands on”.", "fragment"),
        ("en", "Words such as “ambassador,” “attack,” “Benghazi,” and “Libya” count.", "fragment"),
        ("de", "Sie nannte es eine „Zeitenwende“.", "fragment"),
        ("ru", "Он назвал это «специальной операцией».", "fragment"),
        ("fr", "Le « grand » soir.", "fragment"),
        ("ru", "Он сказал, что «всё хорошо».", "fragment"),
        ("ru", "Они вышли под лозунгом «Человек прежде всего».", "fragment"),
        ("en", "In his words, “a mess.”", "fragment"),
        ("en", "The party (“Yes, we can.”) lost.", "fragment"),
        ("en", "“No.”", "direct"),
        ("en", "She said, “No.”", "direct"),
        ("en", "He said that “we will never give up on this.”", "direct"),
        ("es", "Dijo que “no es verdad que nos vayamos”.", "direct"),
        ("en", "It was “all good. We were very glad” to him.", "direct"),
    ],
)
def test_a_quoted_phrase_is_told_apart_from_speech(language: str, text: str, kind: str) -> None:
    assert {kind for _, kind in quoted(text, language)} == {kind}


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("en", "The “Tale of Two Cities” sold well.", "“Tale of Two Cities”"),
        ("en", "“The Hobbit” is a book.", "“The Hobbit”"),
        ("en", "She wrote the novel “Dune” in a year.", "“Dune”"),
        ("en", "Her memoir, “Tough Choices,” sold well.", "“Tough Choices,”"),
        ("en", "“Bloodline,” a thriller, is back.", "“Bloodline,”"),
        ("en", "He told ABC’s “Good Morning America.”", "“Good Morning America.”"),
        ("en", "Dale Orr, skipper of the trawler ‘Dawn’, agrees.", "‘Dawn’"),
        ("en", "A report entitled “What now?” is due.", "“What now?”"),
        ("ru", "Об этом пишет газета «Известия».", "«Известия»"),
        ("ru", "Как писали «Известия», закон принят.", "«Известия»"),
        ("ru", "«Единая Россия» — партия власти.", "«Единая Россия»"),
        ("ru", "Он работает в компании «Рога и копыта».", "«Рога и копыта»"),
        ("ru", "По роману Толстого «Война и мир» снят фильм.", "«Война и мир»"),
        ("ru", "«Зенит», по словам тренера, проиграл.", "«Зенит»"),
        ("en", "HBO’s “Succession” won.", "“Succession”"),
        ("de", "Das schreibt die „FAZ“ heute.", "„FAZ“"),
        ("ja", "映画「君の名は。」を見た。", "「君の名は。」"),
        ("uk", "Роман «Тигролови» читають усі.", "«Тигролови»"),
        ("de", "Das berichtet das Nachrichtenmagazin „Spiegel“.", "„Spiegel“"),
        ("de", "Sie schreibt für „Die Zeit“ aus Rom.", "„Die Zeit“"),
        ("fr", "Le journal « Le Monde » l’annonce.", "« Le Monde »"),
        ("es", "La película «Volver» ganó el premio.", "«Volver»"),
        ("pl", "Tygodnik „Głos Puszczy” pisze o tym.", "„Głos Puszczy”"),
    ],
)
def test_titles_and_names_in_marks_are_told(language: str, text: str, title: str) -> None:
    assert quoted(text, language) == [(title, "title")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“Come in,” the paper quoted her as saying, said Lee."),
        ("en", "“The ship is sinking,” the captain said."),
        ("ru", "«Газета закрывается», — сообщил главный редактор."),
        ("de", "„Der Film ist gut“, sagte der Regisseur."),
    ],
)
def test_speech_near_a_title_noun_is_no_title(language: str, text: str) -> None:
    assert [kind for _, kind in quoted(text, language)] == ["direct"]


def test_speech_that_the_narrator_interrupts_goes_on() -> None:
    assert quoted("“We go,” she said, “and we stay.”") == [
        ("“We go,”", "direct"),
        ("“and we stay.”", "direct"),
    ]


def test_speech_over_several_paragraphs_opens_each_and_closes_once() -> None:
    texts = ["He wrote: “It began in spring.", "“It went on.", "“It ended.”", "Then “rest”."]
    assert quoted_in(texts) == [
        [("“It began in spring.", "direct")],
        [("“It went on.", "direct")],
        [("“It ended.”", "direct")],
        [("“rest”", "fragment")],
    ]


def test_french_paragraphs_go_on_with_the_mark_that_closes() -> None:
    texts = ["Il a dit : « Je suis venu.", "» Je repars.", "» Demain, donc. » Puis rien."]
    assert quoted_in(texts, "fr") == [
        [("« Je suis venu.", "direct")],
        [("» Je repars.", "direct")],
        [("» Demain, donc. »", "direct")],
    ]


@pytest.mark.parametrize(
    "broken", ["“Never closed, she said.", "Never opened,” she said.", "“", "”"]
)
def test_an_unbalanced_mark_stays_within_its_paragraph(broken: str) -> None:
    assert quoted_in([broken, "The “new” house.", broken]) == [[], [("“new”", "fragment")], []]


def test_a_wrong_mark_at_a_paragraphs_start_does_not_spread() -> None:
    assert quoted("Il dit » bonjour « et part.", "fr") == []


def test_no_text_has_no_quotation() -> None:
    assert quoted_in(["", " ", "Plain."]) == [[], [], []]


@pytest.mark.parametrize("language", ["", "xx", "en-", "zh-Hant-TW", "i-klingon"])
def test_an_unknown_language_has_the_marks_that_all_know(language: str) -> None:
    assert quoted("He said: “We go now.”", language) == [("“We go now.”", "direct")]


@given(
    st.lists(st.text(st.sampled_from(MARKS + "aB .,!?—\u00a0") | st.characters(), max_size=60)),
    st.sampled_from(["en", "de", "fr", "es", "ru", "uk", "fi", "sv", "he", "xx"]),
)
@settings(max_examples=60, deadline=None)
def test_quotations_lie_in_order_within_any_text(texts: list[str], language: str) -> None:
    found = find_quotations(texts, language)
    assert len(found) == len(texts)
    for text, quotations in zip(texts, found, strict=True):
        assert_in_order(quotations, 0, len(text))


def assert_in_order(quotations: tuple[Quotation, ...], edge: int, end: int) -> None:
    for q in quotations:
        assert edge <= q.start <= q.inner_start < q.inner_end <= q.end <= end
        assert_in_order(q.nested, q.inner_start, q.inner_end)
        assert not q.nested or q.kind in ("direct", "nested")
        edge = q.end


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("“", 400_000),
        ("'a' ", 50_000),
        ("“‘", 100_000),
        ("No. a ", 30_000),
        ("'s ", 60_000),
        ("“a ‘b’ ", 40_000),
    ],
    ids=["openers", "quoted letters", "nested", "sentences in one", "apostrophes", "left open"],
)
def test_time_grows_with_the_marks_and_not_with_their_square(text: str, times: int) -> None:
    assert_linear(lambda amount: find_quotations([f"“{text * amount}”"], "en"), times)


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        ("ru", "слово — ", 60_000),
        ("ru", "слово, — сказал он. — ", 20_000),
        ("es", "voz —dijo ella—. ", 20_000),
        ("fr", "oui, dit-il, ", 30_000),
        ("fr", "oui, dit non, ", 30_000),
        ("pl", "nie – mówi Jan – ", 20_000),
    ],
)
def test_time_grows_with_the_dashes_and_not_with_their_square(
    language: str, text: str, times: int
) -> None:
    def work(amount: int) -> None:
        find_quotations([f"— {text * amount}", f"« {text * amount}»"], language)

    assert_linear(work, times)


def test_ten_thousand_quotations_in_one_another() -> None:
    text = "“a ‘b " * 5_000 + "c" + "’ d” e" * 5_000
    (found,) = find_quotations([text], "en")
    assert found
    assert_in_order(found, 0, len(text))


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("it", "— Vieni con me? — chiese Ugo.", "Vieni con me?"),
        ("pt", "— Vens comigo? — perguntou Rui.", "Vens comigo?"),
    ],
)
def test_a_dash_opens_dialogue_in_other_languages_too(language: str, text: str, said: str):
    (first, *_), *_ = find_quotations([text], language)
    assert first.kind == "direct"
    assert text[first.inner_start : first.inner_end].strip() == said
