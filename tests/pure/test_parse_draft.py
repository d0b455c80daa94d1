"""Drafts as they are pasted, read into a tree and written back."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.drafting.lines import tidy
from consultations.drafting.model import KINDS, LEAVES, Draft, Node
from consultations.drafting.parse import parse_draft
from consultations.drafting.write import to_markdown

FRENCH = """Projet de loi pour une administration ouverte
Vu la Constitution,

TITRE Ier
LA CIRCULATION DES DONNÉES

Chapitre Ier : Économie de la donnée

Section 1
Ouverture des données publiques

Article premier - Diffusion par défaut

I. Les administrations diffusent leurs documents.

L'article 9 de la même loi est abrogé.
Article 12 de l'ancien code reste en vigueur.

Exposé des motifs :
Parce que chacun doit pouvoir lire.

Article 2 bis. – Les administrations publient la liste de leurs données.

TITRE II
Le reste

Art. 3.
Un décret fixe les modalités.
"""

KAZAKH = """КОДЕКС
1-бөлім. ЖАЛПЫ БӨЛІМ
1-тарау. ЖАЛПЫ ЕРЕЖЕЛЕР
1-бап. Заңнама
1. Осы Кодекстің 5-бабы қолданылады.
2. 5-баптың нормалары сақталады.
2-бап. Ұғымдар
Осы Кодексте ұғымдар пайдаланылады.
"""

RUSSIAN = """РАЗДЕЛ I. ОБЩИЕ ПОЛОЖЕНИЯ
Глава 1. Основные начала
Статья 1. Сфера действия
Настоящий Закон регулирует отношения. Положения, на которые ссылается этот Закон,
статья 5 которого утратила силу, применяются.
Статья 1-1. Принципы

Принципы перечислены ниже.
ГЛАВА II
Права
§ 1. Права граждан
Статья 2. Право на ответ
Каждый вправе получить ответ.
"""

EUROPEAN = """CHAPTER I
GENERAL PROVISIONS

Article 1
Subject matter

1. This Regulation lays down rules.
2. It applies from 2027.

Article 2
Definitions

The following definitions apply.

ANNEX I
List of bodies

The bodies are listed here.
"""


def outline(draft: Draft) -> list[str]:
    """One line a part: depth as blanks, kind, number and heading."""

    def lines(nodes: tuple[Node, ...], depth: int) -> Iterator[str]:
        for node in nodes:
            yield " " * depth + " ".join(filter(None, (node.kind, node.number, node.heading)))
            yield from lines(node.children, depth + 1)

    return list(lines(draft.nodes, 0))


def words(draft: Draft) -> list[str]:
    """All words of a draft in reading order."""
    texts = [draft.title]
    for node in draft.walk():
        texts += [node.label, node.heading, node.body, node.explanation]
    return re.findall(r"\w+", "\n".join(texts))


def codes(draft: Draft) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in draft.problems]


def test_a_french_bill_becomes_a_tree():
    draft = parse_draft(FRENCH, "plain")
    assert outline(draft) == [
        "preamble",
        "title I LA CIRCULATION DES DONNÉES",
        " chapter I Économie de la donnée",
        "  section 1 Ouverture des données publiques",
        "   article 1 Diffusion par défaut",
        "   article 2 bis",
        "title II Le reste",
        " article 3",
    ]
    first = draft.nodes[1].children[0].children[0].children[0]
    assert first.label == "Article premier"
    assert first.body.count("\n\n") == 1
    assert first.body.endswith("Article 12 de l'ancien code reste en vigueur.")
    assert first.explanation == "Parce que chacun doit pouvoir lire."
    assert draft.nodes[0].body.endswith("Vu la Constitution,")


def test_kazakh_puts_the_number_first_and_the_section_above_the_chapter():
    draft = parse_draft(KAZAKH, "plain")
    assert outline(draft) == [
        "preamble",
        "title 1 ЖАЛПЫ БӨЛІМ",
        " chapter 1 ЖАЛПЫ ЕРЕЖЕЛЕР",
        "  article 1 Заңнама",
        "  article 2 Ұғымдар",
    ]
    assert "5-баптың нормалары" in draft.nodes[1].children[0].children[0].body


def test_russian_sections_chapters_and_paragraphs_nest():
    draft = parse_draft(RUSSIAN, "plain")
    assert outline(draft) == [
        "title I ОБЩИЕ ПОЛОЖЕНИЯ",
        " chapter 1 Основные начала",
        "  article 1 Сфера действия",
        "  article 1-1 Принципы",
        " chapter II Права",
        "  section 1 Права граждан",
        "   article 2 Право на ответ",
    ]


def test_headings_on_the_line_below_and_annexes_are_read():
    draft = parse_draft(EUROPEAN, "plain")
    assert outline(draft) == [
        "chapter I GENERAL PROVISIONS",
        " article 1 Subject matter",
        " article 2 Definitions",
        "article I List of bodies",
    ]
    assert draft.problems == ()


def test_plain_numbers_make_an_outline_where_nothing_else_is_found():
    text = (
        "Policy\n\n1. General\nText.\n\n1. apples\n2. pears\n\n"
        "1.1 Scope\nA.\n1.2 Aim\nB.\n\n2. End\nC."
    )
    draft = parse_draft(text, "plain")
    assert outline(draft) == [
        "preamble",
        "chapter 1 General",
        " article 1.1 Scope",
        " article 1.2 Aim",
        "article 2 End",
    ]
    assert "1. apples\n2. pears" in draft.nodes[1].body


def test_numbered_sentences_are_articles_without_heading():
    draft = parse_draft("1. The Minister shall go.\n2. The Minister shall come.", "plain")
    assert [(node.number, node.heading, node.body) for node in draft.nodes] == [
        ("1", "", "The Minister shall go."),
        ("2", "", "The Minister shall come."),
    ]


def test_a_line_that_breaks_in_the_middle_of_a_sentence_is_no_heading():
    text = (
        "Article 1\nThe rules follow from the provisions that were laid down in the former\n"
        "Article 7\nand stay in force."
    )
    assert len(parse_draft(text, "plain").nodes) == 1


def test_sections_are_the_articles_where_there_are_none():
    draft = parse_draft("# Part 1\n\n## Section 1\n\nOne.\n\n## Section 2\n\nTwo.")
    assert outline(draft) == ["title 1", " article 1", " article 2"]


def test_markdown_levels_and_names_give_the_tree():
    text = (
        "# The Act\n\nWhereas.\n\n## Data\n\n### 1. Scope\n\nOne.\n\n### 2. Use\n\nTwo.\n\n"
        "#### Explanation\n\nBecause.\n\n## Chapter 2: Rest\n\n### Article 3 – Last\n\n"
        "#### Note\n\nThree."
    )
    draft = parse_draft(text)
    assert draft.title == "The Act"
    assert outline(draft) == [
        "preamble",
        "chapter Data",
        " article 1 Scope",
        " article 2 Use",
        "chapter 2 Rest",
        " article 3 Last",
    ]
    assert draft.nodes[1].children[1].explanation == "Because."
    assert draft.nodes[2].children[0].body == "#### Note\n\nThree."


def test_names_nest_where_all_headings_have_one_level():
    draft = parse_draft(
        "## Chapter 1\n## Article 1\na\n## Article 2\nb\n## Chapter 2\n## Article 3\nc"
    )
    assert outline(draft) == ["chapter 1", " article 1", " article 2", "chapter 2", " article 3"]


def test_markdown_without_headings_is_read_as_plain_text():
    assert outline(parse_draft("**Article 1** – Scope\n\nText.")) == ["article 1 Scope"]


def test_text_without_any_heading_is_all_preamble_and_says_so():
    draft = parse_draft("Just a letter.\n\nYours.")
    assert draft.nodes == (Node("preamble", body="Just a letter.\n\nYours."),)
    assert codes(draft) == [(1, "no_headings")]
    assert parse_draft("").nodes == ()


def test_problems_name_their_line():
    text = "# Chapter 1\n## Article 1\na\n## Article 1\nb\n## Article 4\n# Chapter 2\nArticle 9\n"
    assert codes(parse_draft(text)) == [
        (4, "duplicate_number"),
        (6, "empty_article"),
        (6, "number_out_of_order"),
        (8, "looks_like_heading"),
    ]
    assert codes(parse_draft("Chapter 1\nArticle 1\na\nChapter 2", "plain")) == [(4, "empty_part")]


@pytest.mark.parametrize("text", [FRENCH, KAZAKH, RUSSIAN, EUROPEAN])
def test_a_bill_is_written_as_a_person_would_write_it_and_read_back(text):
    draft = parse_draft(text, "plain")
    written = to_markdown(draft)
    assert "{." not in written
    assert parse_draft(written) == draft


@pytest.mark.parametrize(
    "text",
    [
        "Article " + "9" * 6000,
        "1." * 5000 + " X",
        "1 X\n" * 3000,
        "#" * 5000,
        "# " * 5000,
        "\\" * 5000 + "# x",
        "Article 1" + " - " * 5000,
        "Article 1\n" * 3000,
        '# {.article number="' + "\\" * 5001,
        "§" * 5000,
        "\n".join(".".join("1" * depth) + " Aa" for depth in range(1, 400)),
        "I. X\nIIII. Y\nIVXLC. Z",
    ],
)
def test_hostile_text_is_read_without_error(text):
    for form in ("plain", "markdown"):
        draft = parse_draft(text, form)
        assert parse_draft(to_markdown(draft)) == draft


ATTRIBUTED = st.sampled_from(['## A {.section number="5"}', "# Act {.document}", "# {.preamble}"])
LINES = st.one_of(
    st.sampled_from(
        [
            "TITLE I",
            "Titre II – Les droits",
            "Chapter 2",
            "CHAPITRE Ier",
            "Глава 5. Права",
            "Раздел 1",
            "Section 3",
            "Article 9 - Heading",
            "Art. 9.",
            "Article 10. Sentence that goes on.",
            "§ 5",
            "Article premier",
            "5-бап.",
            "Article 1er",
            "2-тарау. Атауы",
            "ANNEX",
            "Preamble",
            "1. Scope",
            "1.1 Aim",
            "2. apples;",
            "3. Goal",
            "II. Two",
            "# One",
            "## Article 4",
            "### deep",
            "## Chapter 1 – X",
            "#",
            "#5",
            "\\# no",
            "Words of a sentence.",
            "Heading",
            "**Article 5** X",
            "",
            "",
            "   ",
            "- item",
            "« Article 3 »",
        ]
    ),
    st.text(
        alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=40
    ),
)


@given(st.lists(LINES, max_size=25), st.sampled_from(["plain", "markdown"]))
def test_every_word_lands_once_and_in_its_order(lines, form):
    text = "\n".join(lines)
    draft = parse_draft(text, form)
    assert words(draft) == re.findall(r"\w+", text)


@given(st.lists(LINES | ATTRIBUTED, max_size=25), st.sampled_from(["plain", "markdown"]))
def test_whatever_was_read_can_be_written_and_read_again(lines, form):
    draft = parse_draft("\n".join(lines), form)
    again = parse_draft(to_markdown(draft))
    assert again == draft
    assert [node.label for node in again.walk()] == [node.label for node in draft.walk()]


LINE = st.one_of(
    st.text(alphabet='#{}"\\. =numberartic12–', max_size=25),
    st.text(
        alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=12
    ),
    st.sampled_from(
        ["", "Article 5", "Explanation", "1. One", 'x {.title number="1"}', "# x", "Chapter 1 – Y"]
    ),
).map(str.strip)
BODY = st.lists(st.one_of(LINE, st.just(""), LINE.map(lambda line: "  " + line)), max_size=4).map(
    tidy
)


@st.composite
def nodes(draw: st.DrawFn, depth: int = 0) -> Node:
    kind = draw(st.sampled_from(KINDS if depth < 4 else tuple(sorted(LEAVES))))
    children = () if kind in LEAVES else tuple(draw(st.lists(nodes(depth + 1), max_size=2)))
    number, heading, label = draw(LINE), draw(LINE), draw(LINE)
    return Node(kind, number, heading, draw(BODY), draw(BODY), children, label)


@given(st.builds(Draft, st.lists(nodes(), max_size=3).map(tuple), LINE))
def test_any_draft_survives_writing_and_reading(draft):
    assert parse_draft(to_markdown(draft)) == draft
