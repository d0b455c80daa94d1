"""Search: words as each language stems them, or letters that are nearly the same (typing errors)."""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramSimilarity,
    TrigramWordSimilarity,
)
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from common.html import clean_text

LONGEST = 200  # characters of a question that are looked at
TELLING = 6  # words of a text that say what it is about: the longest
CANDIDATES = 150  # rows whose letters are compared with a text
_TELLING = re.compile(r"[^\W\d_]{4,40}")
_GRAINS = 1_000_000  # a relevance is a whole number, so that a list can go on after it


def _configs(languages: Sequence[str]) -> list[str]:
    """How to stem in `languages`; folded words alone for those that no dictionary is known of."""
    known = dict(settings.LANGUAGES)
    codes = dict.fromkeys(code.partition("-")[0] for code in languages)
    return [f"public.kenes_{code}" for code in codes if code in known] or ["public.kenes_kk"]


def _query(text: str, languages: Sequence[str], kind: str = "websearch") -> SearchQuery:
    """The question stemmed in each of `languages`; any of them may match."""
    first, *others = [
        SearchQuery(text, config=config, search_type=kind) for config in _configs(languages)
    ]
    for other in others:
        first = first | other
    return first


def find(rows: QuerySet[Any], text: str, languages: Sequence[str]) -> QuerySet[Any]:
    """Rows (with columns `search` and `sample`) that match, best first, with their `relevance`.

    `text` is what somebody typed: quotation marks, "or" and a leading minus mean what they do in
    search engines, and nothing that can be typed is an error. An empty text finds all rows alike.
    """
    text = " ".join(clean_text(text).split())[:LONGEST]
    if not text:
        return rows.annotate(relevance=Value(0))
    query = _query(text, languages)
    matches, relevance = Q(search=query), SearchRank(F("search"), query)
    if not _is_exact(text):
        matches |= Q(sample__trigram_word_similar=text)
        relevance += TrigramWordSimilarity(text, "sample")
    return (
        rows.filter(matches)
        .annotate(relevance=Cast(relevance * _GRAINS, IntegerField()))
        .order_by("-relevance", "-pk")
    )


def _is_exact(text: str) -> bool:
    """Whether a quotation or an excluded word says that likeness is not wanted."""
    return '"' in text or any(word.startswith("-") for word in text.split())


def nearest(rows: QuerySet[Any], text: str, languages: Sequence[str], most: int) -> list[Any]:
    """At most `most` rows that say something like `text`, the likest first. One query.

    `text` is what somebody is writing. Candidates share half of its telling words, stemmed in
    `languages` (in all of the site's if none are given); the first of them are compared letter by
    letter, so the cost has a bound however common the words are. A text without a telling word
    finds nothing.
    """
    text = " ".join(clean_text(text).split())[:LONGEST]
    query = alike(text, languages)
    if query is None:
        return []
    candidates = rows.filter(search=query).order_by().values("pk")[:CANDIDATES]
    found = rows.model._default_manager.filter(pk__in=candidates)
    found = found.annotate(likeness=TrigramSimilarity("sample", text))
    return list(found.defer("search", "sample", "text").order_by("-likeness", "-pk")[:most])


def alike(text: str, languages: Sequence[str]) -> Any:
    """The question for texts that share half of the telling words of `text`, stemmed in
    `languages` (all of the site's if none are given); None for a text without a telling word."""
    question = _half_of_the_words(text)
    if not question:
        return None
    return _query(question, languages or list(dict(settings.LANGUAGES)), "raw")


def _half_of_the_words(text: str) -> str:
    """A tsquery for texts with at least half of the longest words, "" where there is none."""
    words = sorted(dict.fromkeys(_TELLING.findall(text.lower())), key=len, reverse=True)[:TELLING]
    if not words:
        return ""
    pairs = combinations(words, (len(words) + 1) // 2)
    return " | ".join(" & ".join(f"'{word}'" for word in some) for some in pairs)
