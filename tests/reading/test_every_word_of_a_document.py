"""Whatever a document is made of, each of its words is in the body or listed, once, in its place.

The words are counted in the file as it was made: by regular expressions and lxml, not by a reader.
"""

import re
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from lxml import etree

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.docx import read_docx
from audiostory.reading.epub import read_epub
from audiostory.reading.odt import read_odt
from audiostory.reading.rtf import read_rtf
from tests.reading.documents import unzipped, word, zipped
from tests.reading.test_epub import book
from tests.reading.test_odt import files
from tests.reading.words import accounted, disordered, misplaced, narrated, numbered, words

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SAID = ("Word", "word word", "Word, said the word.", "Word word word word word word word. ")


def article_of(read: Callable[[bytes, str], Article], data: bytes, name: str) -> Article:
    try:
        return read(data, name)
    except SourceError as error:
        if "no text" in error.what:
            reject()
        raise


def assert_whole(article: Article, wanted: Counter[str], other: tuple[str, ...] = ()) -> None:
    """That all words are accounted for. other: words that may be there besides, or not."""
    found, said = accounted(article), narrated(article)
    for word_ in other:
        wanted[word_], found[word_], said[word_] = 0, 0, 0
    assert (wanted - found, found - wanted) == (Counter(), Counter())
    assert said == wanted
    assert misplaced(article) == []


def within(*shells: str) -> Callable[[st.SearchStrategy[str]], st.SearchStrategy[str]]:
    """What puts pieces into shells: texts with a place for them, @."""

    def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        inside = st.lists(inner, min_size=1, max_size=3).map("".join)
        return st.builds(
            lambda shell, text: shell.replace("@", text), st.sampled_from(shells), inside
        )

    return wrapped


# --- DOCX -----------------------------------------------------------------------------------

DRAWING = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{0}"/><a:graphic>'
    "<a:graphicData>{1}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
BOX = "<wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp>"
RUN_PIECES = (
    *(f'<w:r><w:t xml:space="preserve">{text} </w:t></w:r>' for text in SAID),
    "<w:r><w:rPr><w:b/></w:rPr><w:t>Word </w:t></w:r>",
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>word </w:t></w:r>",
    "<w:r><w:t>word</w:t><w:tab/><w:t>word</w:t><w:br/><w:t>word </w:t></w:r>",
    '<w:r><w:t>word</w:t><w:br w:type="page"/><w:t>word </w:t></w:r>',
    "<w:r><w:t>word</w:t><w:cr/><w:t>word</w:t><w:noBreakHyphen/><w:t>word </w:t></w:r>",
    '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>REF</w:instrText></w:r><w:r>'
    '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>word </w:t></w:r><w:r>'
    '<w:fldChar w:fldCharType="end"/></w:r>',
    "<w:del><w:r><w:delText>Word </w:delText></w:r></w:del>",
    '<w:r><w:footnoteReference w:id="@n"/></w:r>',
    '<w:r><w:endnoteReference w:id="@e"/></w:r>',
    '<w:commentRangeStart w:id="@c"/><w:r><w:t>word </w:t></w:r><w:r>'
    '<w:commentReference w:id="@c"/></w:r>',
    DRAWING.format("word word", ""),
    DRAWING.format("", BOX.format("<w:p><w:r><w:t>Word word.</w:t></w:r></w:p>")),
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>"
    '<wp:docPr id="1" name="x"/>'
    + BOX.format("<w:p><w:r><w:t>Word word.</w:t></w:r></w:p>")
    + "</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback>"
    "</mc:AlternateContent></w:r>",
    "<w:r><w:pict><v:shape alt='word'><v:textbox><w:txbxContent><w:p><w:r><w:t>word"
    "</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
    "<m:oMath><m:r><m:t>word </m:t></m:r></m:oMath>",
    "<w:r><w:ruby><w:rt><w:r><w:t>word</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>word"
    "</w:t></w:r></w:rubyBase></w:ruby></w:r>",
)
RUN_SHELLS = (
    '<w:hyperlink w:anchor="x">@</w:hyperlink>',
    "<w:ins>@</w:ins>",
    "<w:moveTo>@</w:moveTo>",
    "<w:smartTag>@</w:smartTag>",
    "<w:customXml>@</w:customXml>",
    '<w:fldSimple w:instr="DATE">@</w:fldSimple>',
    "<w:sdt><w:sdtContent>@</w:sdtContent></w:sdt>",
    "<w:dir>@</w:dir>",
    "<w:bdo>@</w:bdo>",
)
RUNS = st.recursive(st.sampled_from(RUN_PIECES), within(*RUN_SHELLS), max_leaves=4)
STYLES = (
    *("", "Title", "Subtitle", "Heading1", "Heading2", "Quote", "Caption", "SourceCode", "TOC1"),
    *("Author", "Date", "ListParagraph", "ImageCaption", "TableCaption", "Definition"),
)
PARAGRAPHS = st.one_of(
    st.builds(
        lambda style, runs, more: (
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{"".join(runs)}</w:p>'
        ),
        st.sampled_from(STYLES),
        st.lists(RUNS, max_size=4),
        st.sampled_from(
            (
                "",
                "<w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr>",
                "<w:rPr><w:del/></w:rPr>",
            )
        ),
    ),
    st.just("<w:p/>"),
)
BLOCK_SHELLS = (
    "<w:tbl><w:tr><w:tc>@</w:tc><w:tc><w:p><w:r><w:t>word</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>@</w:tc></w:tr><w:tr><w:tc>"
    "<w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>word</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "<w:sdt><w:sdtContent>@</w:sdtContent></w:sdt>",
    "<w:customXml>@</w:customXml>",
    "<w:ins>@</w:ins>",
)
BLOCKS = st.recursive(PARAGRAPHS, within(*BLOCK_SHELLS), max_leaves=6)
LISTED = (
    "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='1'><w:numFmt w:val='decimal'/></w:lvl>"
    "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
)


def docx(blocks: list[str]) -> bytes:
    """A document whose notes and comments are each referred to once, and one that is not."""
    body = "".join(blocks)
    parts: dict[str, str] = {}
    for mark, part, tag in (
        ("@n", "footnotes", "footnote"),
        ("@e", "endnotes", "endnote"),
        ("@c", "comments", "comment"),
    ):
        count = len(re.findall(rf'Reference w:id="{mark}"', body))
        for number in range(count):
            body = body.replace(mark, str(number + 5), 2 if mark == "@c" else 1)
        texts = [
            f'<w:{tag} w:id="{n + 5}"><w:p><w:r><w:t>Word word.</w:t></w:r></w:p></w:{tag}>'
            for n in range(count + 1)
        ]
        parts[part] = "".join(texts)
    edge = "<w:p><w:r><w:t>Word word</w:t></w:r></w:p>"
    parts |= {"header1": edge, "footer1": edge, "numbering": LISTED}
    made = {name: data.decode() for name, data in unzipped(word(body, **parts)).items()}
    texts = numbered("\0".join(made.values())).split("\0")
    return zipped(dict(zip(made, texts, strict=True)))


def words_of_docx(data: bytes) -> Counter[str]:
    """What is in <w:t>, <w:delText>, <m:t> and in descriptions of pictures, of every part."""
    parts = b" ".join(
        data for name, data in unzipped(data).items() if name.endswith(".xml")
    ).decode()
    texts = re.findall(r"<(?:[wm]:t|w:delText)(?: [^>]*)?>([^<]*)<", parts)
    texts += re.findall(r"(?:descr|alt)=[\"']([^\"']*)[\"']", parts)
    return words(" ".join(texts))


@QUICK
@given(st.lists(BLOCKS, min_size=1, max_size=6).map(docx))
def test_no_word_of_a_word_document_is_lost_or_doubled(data: bytes):
    assert_whole(article_of(read_docx, data, "a.docx"), words_of_docx(data))


# --- ODT ------------------------------------------------------------------------------------

SPAN_PIECES = (
    *(f"{text} " for text in SAID),
    "word<text:s text:c='2'/>word<text:tab/>word<text:line-break/>word ",
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Word"
    " word.</text:p></text:note-body></text:note>",
    "<office:annotation><dc:creator>Bo</dc:creator><text:p>Word</text:p><text:list>"
    "<text:list-item><text:p>word</text:p></text:list-item></text:list></office:annotation>",
    "<text:ruby><text:ruby-base>word</text:ruby-base><text:ruby-text>word</text:ruby-text>"
    "</text:ruby> ",
    "<text:date>word</text:date> <text:page-number>7</text:page-number> ",
    "<text:bookmark-start text:name='x'/>word <text:bookmark-end text:name='x'/>",
    "<draw:frame><draw:image/><svg:desc>word word</svg:desc></draw:frame>",
    "<draw:frame><draw:image/><svg:title>word</svg:title><svg:desc>word word</svg:desc>"
    "</draw:frame>",
    "<draw:frame><draw:text-box><text:p>Word word.</text:p><text:list><text:list-item>"
    "<text:p>word</text:p></text:list-item></text:list></draw:text-box></draw:frame>",
    "<draw:frame><draw:text-box><text:p><draw:frame><draw:image/><svg:desc>word</svg:desc>"
    "</draw:frame>Word word</text:p></draw:text-box></draw:frame>",
    *(
        f"<draw:{shape}><text:p>Word word</text:p></draw:{shape}>"
        for shape in ("custom-shape", "rect", "circle", "polyline", "connector", "caption")
    ),
    "<draw:g><draw:rect><text:p>Word</text:p></draw:rect><draw:g><draw:frame><draw:text-box>"
    "<text:p>word</text:p></draw:text-box></draw:frame></draw:g></draw:g>",
    "<text:conditional-text>word </text:conditional-text>",
    "<text:hidden-text>word </text:hidden-text>",
)
SPAN_SHELLS = (
    "<text:span>@</text:span>",
    "<text:span text:style-name='Gone'>@</text:span>",
    "<text:a>@</text:a>",
    "<text:meta>@</text:meta>",
    "<text:meta-field>@</text:meta-field>",
    "<text:span text:style-name='Bold'>@</text:span>",
)
SPANS = st.recursive(st.sampled_from(SPAN_PIECES), within(*SPAN_SHELLS), max_leaves=4)
CELL = "<table:table-cell><text:p>word</text:p></table:table-cell>"
ODF_PARAGRAPHS = st.builds(
    lambda tag, style, spans: (
        f"<text:{tag} text:style-name='{style}'>{''.join(spans)}</text:{tag}>"
    ),
    st.sampled_from(("p", "p", "h")),
    st.sampled_from(
        ("", "Title", "Subtitle", "Quotations", "Caption", "Gone", "Author", "Preformatted_20_Text")
    ),
    st.lists(SPANS, max_size=4),
)
ODF_SHELLS = (
    "<text:section>@</text:section>",
    "<text:section text:display='none'>@</text:section>",
    "<text:list><text:list-header><text:p>Word</text:p></text:list-header>"
    "<text:list-item>@</text:list-item></text:list>",
    "<text:list><text:list-item><text:list><text:list-item>@</text:list-item></text:list>"
    "</text:list-item></text:list>",
    f"<table:table><table:table-row>"
    f"<table:table-cell>@</table:table-cell>{CELL}</table:table-row></table:table>",
    f"<table:table><table:table-header-rows><table:table-row>{CELL}</table:table-row>"
    f"</table:table-header-rows>"
    "<table:table-row-group><table:table-row><table:table-cell>@</table:table-cell>"
    "</table:table-row>"
    "</table:table-row-group></table:table>",
    f"<table:table><table:table-row>{CELL}<table:covered-table-cell>@</table:covered-table-cell>"
    "</table:table-row></table:table>",
    "<text:table-of-content><text:index-body><text:index-title><text:p>Word</text:p>"
    "</text:index-title>"
    "@</text:index-body></text:table-of-content>",
    "<text:bibliography><text:index-body>@</text:index-body></text:bibliography>",
    "<text:numbered-paragraph>@</text:numbered-paragraph>",
    "<draw:frame><draw:text-box>@</draw:text-box></draw:frame>",
    "<text:alphabetical-index><text:index-body>@</text:index-body></text:alphabetical-index>",
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>Word</text:p>"
    "</text:deletion>"
    "</text:changed-region></text:tracked-changes>@",
)
ODF_BLOCKS = st.recursive(ODF_PARAGRAPHS, within(*ODF_SHELLS), max_leaves=6)
ODF_STYLES = (
    "<style:style style:name='Gone' style:family='{}'>"
    "<style:text-properties text:display='none'/></style:style>"
)
ODF_COMMON = (
    "<office:master-styles><style:master-page><style:header><text:p>Word word</text:p>"
    "</style:header>"
    "<style:footer><text:p>Word</text:p></style:footer></style:master-page></office:master-styles>"
)
ODF_BOLD = (
    "<style:style style:name='Bold' style:family='text'>"
    "<style:text-properties fo:font-weight='bold'/></style:style>"
)


def odt(blocks: list[str]) -> bytes:
    styles = ODF_STYLES.format("text") + ODF_STYLES.format("paragraph") + ODF_BOLD
    made = files("".join(blocks), styles, ODF_COMMON)
    texts = numbered("\0".join(made.values())).split("\0")
    return zipped(dict(zip(made, texts, strict=True)))


def words_of_odt(data: bytes) -> Counter[str]:
    """All text of the document and its pages' edges, without the authors of comments."""
    roots = [etree.fromstring(part) for part in unzipped(data).values()]
    for root in roots:
        etree.strip_elements(root, "{*}creator", with_tail=False)
        for apart in root.iter("{*}s", "{*}tab", "{*}line-break"):
            apart.tail = f" {apart.tail or ''}"
        for block in root.iter(
            "{*}p", "{*}h", "{*}ruby-base", "{*}note-citation", "{*}desc", "{*}title"
        ):
            block.text, block.tail = f" {block.text or ''}", f" {block.tail or ''}"
            if len(block):
                block[-1].tail = f"{block[-1].tail or ''} "
    return words(" ".join("".join(root.itertext()) for root in roots))


@QUICK
@given(st.lists(ODF_BLOCKS, min_size=1, max_size=6).map(odt))
def test_no_word_of_an_opendocument_text_is_lost_or_doubled(data: bytes):
    assert_whole(article_of(read_odt, data, "a.odt"), words_of_odt(data))


# --- RTF ------------------------------------------------------------------------------------

RTF_PIECES = (
    *(f"{text} " for text in SAID),
    r"word\tab word\line word ",
    r"{\b word}{\i  word }",
    r"word\~word\_{word}\emdash word ",
    r"{\v word }",
    r"{\footnote\pard\plain {\super\chftn }Word word.}",
    r"{\footnote\pard Word.\par Word.}",
    r"{\*\footnote Word.}",
    r"{\*\atnid BO}{\*\atnauthor Bo}\chatn{\*\annotation\pard Word word.}",
    r'{\field{\*\fldinst HYPERLINK "x"}{\fldrslt word}} ',
    r"{\field{\*\fldinst PAGE}{\fldrslt {\b word} word }}",
    r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv word word}}{\shptxt\pard Word word.\par}}}",
    r"{\pict{\*\picprop{\sp{\sn wzDescription}{\sv word}}}\pngblip 00ff}",
    r"{\*\do{\dptxbx{\dptxbxtext\pard Word.\par}}}",
    r"{\object{\*\objdata 00}{\result{word }}}",
    r"{\*\bkmkstart x}word {\*\bkmkend x}",
    r"{\upr{gone }{\*\ud{word }}}",
    r"{\*\unknown gone}",
    r"word{\*\nosuch gone} word ",
    r"word\page word\column word\sect word ",
    r"{\xe gone}{\tc gone}",
    r"{\shp{\*\shpinst{\shptxt Word}}}",
    r"{\*\annotation Word}{\*\annotation word}{\footnote Word}{\footnote word}",
    r"{\headerl Word}{\headerr Word}{\footerf word}",
    r"{\*\revtbl{gone;}}{\deleted word }",
    r"\u8220?word\u8221? ",
    r"{\shptxt word\par}",
    r"{\nonshppict{\pict 00}}{\*\shppict{\pict 00}}",
    r"{\listtext 1.\tab}word ",
    r"{\header word}{\footer word\par}",
    r"\'95\tab word ",
    r"1.\tab word ",
)
RTF_SHELLS = (
    *(
        "{@}",
        r"{\b @}",
        r"{\v @}",
        r"{\field{\*\fldinst X}{\fldrslt @}}",
        r"\deleted0 @",
        r"{\ul @}",
    ),
    *(r"{\rtlch @}", r"{\*\cs1 @}", r"\pard @"),
)
RTF_ENDS = (
    *(r"\par ", r"\par\pard ", r"\par\pard\s1 ", r"\par\pard\s2 ", r"\par\pard\s3 "),
    *(
        r"\par\trowd\cellx1\cellx2\pard\intbl ",
        r"\cell ",
        r"\cell\row\pard ",
        r"\par\outlinelevel1 ",
    ),
    *(r"\nestcell ", r"\sect ", r"\page "),
)
RTF_STYLES = r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 Quote;}{\s3 caption;}}"


def rtf(paragraphs: list[tuple[list[str], str]]) -> bytes:
    text = "".join("".join(pieces) + end for pieces, end in paragraphs)
    return numbered(r"{\rtf1\ansi\deff0" + RTF_STYLES + text + "}").encode()


def words_of_rtf(data: bytes) -> Counter[str]:
    """What was put in: the numbered words."""
    return Counter(re.findall(r"[Ww]ord\d+", data.decode()))


RTF_RUNS = st.recursive(st.sampled_from(RTF_PIECES), within(*RTF_SHELLS), max_leaves=4)
RTF_PARAGRAPHS = st.tuples(st.lists(RTF_RUNS, max_size=4), st.sampled_from(RTF_ENDS))


@QUICK
@given(st.lists(RTF_PARAGRAPHS, min_size=1, max_size=6).map(rtf))
def test_no_word_of_rich_text_is_lost_or_doubled(data: bytes):
    article = article_of(read_rtf, data, "a.rtf")
    assert_whole(article, words_of_rtf(data), other=("said", "the"))


# --- EPUB -----------------------------------------------------------------------------------

PAGE_PIECES = (
    *(f"<p>{text}</p>" for text in SAID),
    "<h1>Word word</h1>",
    "<h2>Word<br/>word</h2>",
    "<p>word<a epub:type='noteref' href='#n'>[1]</a> word <em>word</em> word</p>",
    "<aside epub:type='footnote' id='n'><p>Word.</p></aside>",
    "<figure><img src='a.png' alt='Word word'/><figcaption>Word.</figcaption></figure>",
    "<p><img src='a.png' alt='Word'/></p>",
    "<p>word <span epub:type='pagebreak' title='7'/>word</p>",
    "<nav epub:type='landmarks'><ol><li>Word</li></ol></nav>",
    "<table><caption>Word</caption><tr><th>word</th><td>word<ul><li>word</li></ul></td></tr>"
    "</table>",
    "<dl><dt>Word</dt><dd>word</dd></dl>",
    "<pre>word\n  word</pre>",
    "<ruby>word<rp>(</rp><rt>word</rt><rp>)</rp></ruby> ",
    "<math><mi>word</mi> <mo>word</mo></math> ",
    "<svg><text>word</text></svg> ",
    "<p class='author'>Word Word</p>",
    "<p class='subtitle'>word</p>",
    "<div style='display:none'>Word</div>",
    "<p hidden='hidden'>Word</p>",
    "<h3 hidden='hidden'>word</h3>",
    "word ",
    "<hr/>",
    "<p/>",
    "<a id='x'/>word ",
    "<audio src='a.mp3'>word</audio> ",
    "<epub:switch><epub:case>word</epub:case><epub:default>word</epub:default></epub:switch> ",
)
PAGE_SHELLS = (
    *("<div>@</div>", "<section epub:type='chapter'>@</section>", "<blockquote>@</blockquote>"),
    *("<section epub:type='toc'>@</section>", "<section epub:type='footnotes'>@</section>"),
    *("<ol><li>@</li></ol>", "<aside>@</aside>", "<section epub:type='titlepage'>@</section>"),
    "<section epub:type='copyright-page'>@</section>",
)
PAGE_PARTS = st.recursive(st.sampled_from(PAGE_PIECES), within(*PAGE_SHELLS), max_leaves=5)
BODIES = (
    *("<body>@</body>", "<body epub:type='toc'>@</body>", "<body epub:type='cover'>@</body>"),
    *("<body epub:type='titlepage'>@</body>", "<body epub:type='footnotes'>@</body>"),
)
CHAPTERS = st.builds(
    lambda body, parts: body.replace("@", "".join(parts)),
    st.sampled_from((*BODIES[:1] * 4, *BODIES)),
    st.lists(PAGE_PARTS, max_size=5),
)


def epub(chapters: list[str], linear: list[bool]) -> bytes:
    texts = numbered("\0".join(chapters)).split("\0")
    names = [f"c{number}.xhtml" for number in range(len(texts))]
    order = "".join(
        f'<itemref idref="i{n}" linear="{"yes" if linear[n % len(linear)] else "no"}"/>'
        for n in range(len(names))
    )
    return book(dict(zip(names, texts, strict=True)), spine=order)


def words_of_epub(data: bytes) -> Counter[str]:
    """The text of each file of the reading order, and descriptions of pictures."""
    parts: list[str] = []
    for name, page in unzipped(data).items():
        if name.endswith(".xhtml"):
            body = etree.fromstring(page).find("{*}body")
            for element in body.iter("{*}p", "{*}br", "{*}li", "{*}td", "{*}th", "{*}dt", "{*}dd"):
                element.tail = f" {element.tail or ''}"
            parts += [" ".join(body.itertext()), *body.xpath("//@alt")]
    return words(" ".join(parts))


@QUICK
@given(
    st.builds(
        epub,
        st.lists(CHAPTERS, min_size=1, max_size=4),
        st.lists(st.sampled_from((True, True, True, False)), min_size=1, max_size=3),
    )
)
def test_no_word_of_a_book_is_lost_or_doubled(data: bytes):
    article = article_of(read_epub, data, "a.epub")
    assert_whole(article, words_of_epub(data), other=("Lamps",))
    assert disordered(article) == []
