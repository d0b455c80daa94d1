"""Recognise how laws call their parts, in English, French, Russian and Kazakh."""

import re
from dataclasses import dataclass
from typing import Literal

from consultations.drafting.model import Kind

# Word, kind, rank: a part can hold parts of a higher rank. Раздел and бөлім stand above глава and
# тарау, while a French or English section stands below the chapter.
_WORDS: dict[str, tuple[Kind, int]] = {
    "book": ("title", 1),
    "livre": ("title", 1),
    "part": ("title", 2),
    "partie": ("title", 2),
    "title": ("title", 3),
    "titre": ("title", 3),
    "раздел": ("title", 3),
    "бөлім": ("title", 3),
    "подраздел": ("section", 4),
    "кіші бөлім": ("section", 4),
    "chapter": ("chapter", 5),
    "chapitre": ("chapter", 5),
    "глава": ("chapter", 5),
    "тарау": ("chapter", 5),
    "section": ("section", 6),
    "sous-section": ("section", 7),
    "subsection": ("section", 7),
    "параграф": ("section", 7),
    "§": ("section", 7),
    "article": ("article", 9),
    "art.": ("article", 9),
    "art": ("article", 9),
    "clause": ("article", 9),
    "статья": ("article", 9),
    "ст.": ("article", 9),
    "бап": ("article", 9),
    "annex": ("article", 0),
    "annexe": ("article", 0),
    "appendix": ("article", 0),
    "приложение": ("article", 0),
    "қосымша": ("article", 0),
}
_PREAMBLES = frozenset({"preamble", "préambule", "преамбула", "кіріспе"})
_EXPLANATIONS = frozenset(
    {
        "explanation",
        "explanatory note",
        "explanatory memorandum",
        "commentary",
        "explication",
        "explications",
        "exposé des motifs",
        "exposé sommaire",
        "пояснение",
        "пояснительная записка",
        "түсіндірме",
        "түсіндірме жазба",
    }
)
_ORDINALS = {
    "premier": "1",
    "première": "1",
    "first": "1",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "первая": "1",
    "вторая": "2",
    "третья": "3",
    "четвертая": "4",
    "пятая": "5",
    "unique": "unique",
    "préliminaire": "préliminaire",
    "liminaire": "liminaire",
}
_RANK_OF_KIND: dict[Kind, int] = {
    "title": 3,
    "chapter": 5,
    "section": 6,
    "article": 9,
    "preamble": 0,
}

_DIGITS = r"(?:[LRDA]\.? ?\*?)?\d{1,6}(?:[.\-–]\d{1,6}){0,6}(?:er|re|ère|º|°)?"
_ROMAN = r"[IVXLCDMІХС]+(?:er|ER)?"
_SUFFIX = (
    r"(?: ?(?:bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies)\b)?"
    r"(?: [A-Z](?=[ .:–—\-]|$)(?! [a-z]))?"
)
_NUMBER = rf"(?:{_DIGITS}|{_ROMAN}|{'|'.join(_ORDINALS)}|[A-ZА-Я](?!\w)){_SUFFIX}"
_FIRST = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_LAST = "кіші бөлім|бөлім|тарау|параграф|бап|қосымша"
_REST = r"(?:(?P<separator>\s*[.:–—\-][.:–—\-\s]*|\s{2,}|\t)|\s|$)(?P<rest>.*)$"
_WORD_FIRST = re.compile(
    rf"(?P<word>(?i:{_FIRST}))(?:(?<=§)|\s)\s*(?i:№ ?)?(?P<number>(?i:{_NUMBER}))(?!\w){_REST}"
)
_NUMBER_FIRST = re.compile(
    rf"(?P<number>\d{{1,6}}(?:[\-–.]\d{{1,6}}){{0,4}}|{_ROMAN})\s?[\-–]?\s?(?P<word>(?i:{_LAST}))(?!\w){_REST}"
)
_ALONE = re.compile(r"(?P<word>(?i:annexe?|appendix|приложение|қосымша))(?P<number>)" + _REST)
_OUTLINE = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4}){0,4})\.?\s+(?P<rest>\S.*)$")
_OUTLINE_ROMAN = re.compile(r"(?P<number>[IVXLC]+)\.\s+(?P<rest>\S.*)$")
_QUOTED = r'"((?:[^"\\]|\\["\\])*)"'
_EXPLICIT = re.compile(
    r"(?P<heading>.*?)\s*\{\.(?P<kind>title|chapter|section|article|preamble|document)"
    rf"(?: number={_QUOTED})?(?: label={_QUOTED})?\}}$"
)
_QUOTE = re.compile(r'\\(["\\])')
_STARTS_LIKE_TEXT = re.compile(r"[\W\d_]|[^\W\d_]\)")
HEADING_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Heading:
    """A recognised heading. `kind` is None when only the place in the outline can tell it.

    `rest` is what stands behind the number; `is_apart`: a mark or the line's end divides the two.
    `is_firm`: given by attributes, so that no context changes it (without a kind: the title).
    """

    kind: Kind | None
    rank: int
    label: str
    number: str
    rest: str
    is_firm: bool = False
    is_apart: bool = True


def is_explanation(line: str) -> bool:
    """Whether the line only announces the explanation of the part before it."""
    return len(line) < 60 and line.strip(" *_:.#").casefold() in _EXPLANATIONS


def read_designation(line: str) -> Heading | None:
    """Return what a line says that begins by naming a part ("Article 9 - Access"), or None."""
    line = line.strip()
    if line.startswith("**"):
        line = line.replace("**", "")
    if len(line) < 30 and line.strip(" .:").casefold() in _PREAMBLES:
        return Heading("preamble", 0, "", "", line)
    found = _WORD_FIRST.match(line) or _NUMBER_FIRST.match(line) or _ALONE.match(line)
    if found is None or line[0].islower():
        return None
    kind, rank = _WORDS[found["word"].casefold()]
    label = line[: max(found.end("word"), found.end("number"))]
    rest = found["rest"].strip()
    is_apart = found["separator"] is not None or not rest
    return Heading(kind, rank, label, comparable(found["number"]), rest, is_apart=is_apart)


def read_outline(line: str) -> Heading | None:
    """Return what a line says that begins with a number ("1.2 Scope", "II. Scope"), or None."""
    line = line.strip()
    found = _OUTLINE.match(line) or _OUTLINE_ROMAN.match(line)
    if found is None:
        return None
    label = line[: found.start("rest")].rstrip()
    return Heading(None, 0, label, found["number"], found["rest"])


def read_marked(text: str) -> Heading:
    """Return what a Markdown heading says by attributes, a name, a number or words alone."""
    explicit = _EXPLICIT.match(text)
    if explicit:
        if explicit["kind"] == "document":
            return Heading(None, 0, "", "", explicit["heading"], is_firm=True)
        kind: Kind = explicit["kind"]  # type: ignore[assignment]
        number, label = (_QUOTE.sub(r"\1", explicit[group] or "") for group in (3, 4))
        return Heading(kind, _RANK_OF_KIND[kind], label, number, explicit["heading"], is_firm=True)
    return read_designation(text) or read_outline(text) or Heading(None, 0, "", "", text)


def write_explicit(
    kind: Kind | Literal["document"], heading: str, number: str = "", label: str = ""
) -> str:
    """Return heading text that `read_marked` reads back exactly, whatever the values."""
    text = f"{heading} {{.{kind}".lstrip()
    for name, value in (("number", number), ("label", label)):
        if value:
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            text += f' {name}="{quoted}"'
    return text + "}"


def is_heading_like(text: str) -> bool:
    """Whether a line could be a heading: short, no small letter first, no full stop last."""
    return (
        0 < len(text) <= HEADING_LENGTH
        and text[-1] not in ".;:,"
        and not _STARTS_LIKE_TEXT.match(text)
        and not text[0].islower()
    )


def comparable(number: str) -> str:
    """Return a number as versions compare it: "premier" and "1er" are 1, "Ier" is I."""
    plain = number.translate(_LATIN_LETTERS)
    ordinal = _ORDINALS.get(plain.casefold())
    if ordinal:
        return ordinal
    plain = re.sub(r"(?<=\d)(?:er|re|ère|º|°)\b|(?<=[IVXLC])(?:er|ER)\b", "", plain)
    return plain.replace("–", "-")


_LATIN_LETTERS = str.maketrans("ІХС", "IXC")
