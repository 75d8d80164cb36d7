from audiostory.reading.widths import advance, printed_width, with_next_word

# Broken as a browser breaks it for a page of 75 average letters.
PRINTED = [
    "A las doce y cuatro minutos del lunes, el notario leyó en voz alta la última cifra y",
    "nadie levantó la mano. El faro de Punta Clara, apagado desde 2019, pertenece",
    "desde ayer a los vecinos del pueblo, que lo han comprado entre todos, o casi, y lo",
    "que viene ahora no lo sabe nadie. La subasta partía de 180.000 euros. Se",
    "presentaron otras dos ofertas: una cadena de hoteles y un particular que pidió",
    "permanecer en el anonimato y que, según varios testigos, lloró al perder. La",
    "colecta empezó hace catorce meses con un bote en la panadería. En febrero ya",
    "había llegado dinero de once países. Cada participación costaba cincuenta euros y",
    "daba derecho a tres cosas que no se compran en la ciudad y que en el pueblo no",
    "tiene nadie, por ahora.",
]


def test_a_letter_has_the_width_that_it_has_in_print():
    assert advance("million") < advance("mmmmmmm")
    assert advance("ЖЖЖ") > advance("іії")
    assert advance("") == 0


def test_a_line_with_the_next_ones_first_word():
    assert with_next_word("  one two", "three four") == len("  one two three")
    assert with_next_word("quatre-vingt-", "quatre ans") == len("quatre-vingt-quatre")


def test_a_printed_pages_width_is_what_its_lines_fill():
    width = printed_width([PRINTED])
    assert max(map(advance, PRINTED)) >= width > 0.95 * max(map(advance, PRINTED))


def test_lines_that_were_counted_in_characters_are_not_printed():
    words = (" ".join(PRINTED) * 5).split()
    lines = [""]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > 72:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    assert printed_width([lines]) == 0


def test_few_lines_tell_nothing():
    assert printed_width([PRINTED[:4]]) == 0
    assert printed_width([]) == 0
