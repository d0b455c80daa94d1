"""Every sentence that people read exists in French, with the same placeholders and markup.

Sentences are found the way `make messages` finds them, without its tools: calls of gettext in
Python by their syntax tree, tags in templates by Django's own translation of a template into calls.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.ROOT)
CODE = [ROOT / name for name in (*settings.LOCAL_APPS, "config")]
TEMPLATES = [ROOT / "templates", *CODE]
CATALOGUE = polib.pofile(str(ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"))

# The function's name -> what its leading arguments are.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}
_CALL = re.compile(r"\b(_|n?p?gettext)\(")
_LITERAL = re.compile(r"\s*u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*,?")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]|</?\w+[^>]*>")


class Sentence(NamedTuple):
    """What stands in a catalogue: context ("" for none), text, plural ("" for none)."""

    context: str
    id: str
    plural: str


class NotLiteral(Exception):
    """A sentence that is put together at run time cannot be collected."""


def _sentence(function: str, texts: list[str]) -> Sentence:
    named = dict(zip(FUNCTIONS[function], texts, strict=True))
    return Sentence(named.get("context", ""), named["id"], named.get("plural", ""))


def _function(node: ast.AST) -> str:
    """The name of the function if the node is a call that translates, else ""."""
    if not isinstance(node, ast.Call):
        return ""
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    return name if name in FUNCTIONS else ""


def in_python(source: str) -> Iterator[Sentence]:
    """The sentences of a Python module, in its order."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) and any(map(_function, ast.walk(node))):
            raise NotLiteral(f"line {node.lineno}: xgettext does not look into {ast.unparse(node)}")
        name = _function(node)
        if not name:
            continue
        leading = node.args[: len(FUNCTIONS[name])]
        texts = [part.value for part in leading if isinstance(part, ast.Constant)]
        if len(texts) != len(FUNCTIONS[name]):
            raise NotLiteral(f"line {node.lineno}: {ast.unparse(node)}")
        yield _sentence(name, texts)


def in_template(source: str) -> Iterator[Sentence]:
    """The sentences of a template, in its order."""
    calls = templatize(source)
    for call in _CALL.finditer(calls):
        end, texts = call.end(), []
        for _part in FUNCTIONS[call[1]]:
            literal = _LITERAL.match(calls, end)
            if literal is None:
                raise NotLiteral(calls[call.start() : call.start() + 80])
            end = literal.end()
            texts.append(ast.literal_eval(literal[1]))
        yield _sentence(call[1], texts)


def _said() -> dict[Sentence, str]:
    """Every sentence of the site with the file that says it."""
    found: dict[Sentence, str] = {}
    modules = [path for folder in CODE for path in folder.rglob("*.py")]
    pages = [
        path
        for folder in TEMPLATES
        for path in folder.rglob("*")
        if path.suffix in (".html", ".txt")
    ]
    for paths, sentences in ((modules, in_python), (pages, in_template)):
        for path in paths:
            where = str(path.relative_to(ROOT))
            try:
                found |= dict.fromkeys(sentences(path.read_text()), where)
            except NotLiteral as problem:
                pytest.fail(f"{where} says what no catalogue can hold: {problem}")
    return found


def _entries() -> dict[Sentence, polib.POEntry]:
    return {
        Sentence(entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""): entry
        for entry in CATALOGUE
        if not entry.obsolete
    }


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _marks(text: str) -> Counter[str]:
    """The placeholders and tags of a sentence."""
    return Counter(_PLACEHOLDER.findall(text))


def test_every_sentence_is_in_the_french_catalogue():
    said, known = _said(), _entries()
    assert len(said) > 500
    missing = [
        f"{where}: {sentence.id!r}" for sentence, where in said.items() if sentence not in known
    ]
    assert not missing, "Run `make messages` and translate:\n" + "\n".join(sorted(missing))


def test_every_sentence_of_the_catalogue_is_translated_and_certain():
    bad = [
        sentence.id
        for sentence, entry in _entries().items()
        if "fuzzy" in entry.flags or not all(_translations(entry))
    ]
    assert not bad, "Untranslated or fuzzy in locale/fr:\n" + "\n".join(bad)


def test_a_plural_has_as_many_forms_as_french():
    assert "nplurals=2" in CATALOGUE.metadata["Plural-Forms"]
    plurals = [entry for entry in CATALOGUE if entry.msgid_plural]
    assert plurals
    assert [entry.msgid for entry in plurals if sorted(entry.msgstr_plural) != [0, 1]] == []


def test_a_translation_keeps_placeholders_and_markup():
    wrong = []
    for sentence, entry in _entries().items():
        sources = [sentence.id, sentence.plural] if sentence.plural else [sentence.id]
        wanted = [_marks(text) for text in sources]
        for source, translation in zip(wanted, _translations(entry), strict=True):
            if _marks(translation) != source and _marks(translation) not in wanted:
                wrong.append(f"{sentence.id!r} -> {translation!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("_('One' ' text')", [("", "One text", "")]),
        ("ngettext('%(n)s dog', '%(n)s dogs', n)", [("", "%(n)s dog", "%(n)s dogs")]),
        ("translation.pgettext('stance', 'For')", [("stance", "For", "")]),
    ],
)
def test_sentences_of_python_are_found(source, sentences):
    assert list(in_python(source)) == [Sentence(*texts) for texts in sentences]


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ('{% translate "It’s “here”" %} gettext(', [("", "It’s “here”", "")]),
        ('{% translate "For" context "stance" %}', [("stance", "For", "")]),
        ('{% include "x.html" with title=_("Don\'t") %}', [("", "Don't", "")]),
        (
            "{% blocktranslate trimmed count n=2 %}{{ n }} dog\n{% plural %}{{ n }} dogs"
            "{% endblocktranslate %}",
            [("", "%(n)s dog", "%(n)s dogs")],
        ),
    ],
)
def test_sentences_of_templates_are_found(source, sentences):
    assert list(in_template(source)) == [Sentence(*texts) for texts in sentences]


@pytest.mark.parametrize("source", ["_('Dear ' + name)", "_(f'Dear {name}')", "f'{_(\"Dear\")}'"])
def test_a_sentence_that_cannot_be_collected_is_refused(source):
    with pytest.raises(NotLiteral):
        list(in_python(source))
