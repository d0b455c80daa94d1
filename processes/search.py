"""Search: words as each language stems them, or letters that are nearly the same (typing errors)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, IntegerField, Q, QuerySet
from django.db.models.functions import Cast

from common.html import clean_text

LONGEST = 200  # characters of a question that are looked at
SHORTEST = 12  # characters with which likeness begins to mean something
_GRAINS = 1_000_000  # a relevance is a whole number, so that a list can go on after it


def _query(text: str, languages: Sequence[str]) -> SearchQuery:
    """The question stemmed in each of `languages`; any of them may match."""
    known = dict(settings.LANGUAGES)
    codes = dict.fromkeys(code.partition("-")[0] for code in languages)
    configs = [f"public.kenes_{code}" for code in codes if code in known] or ["public.kenes_kk"]
    first, *others = [
        SearchQuery(text, config=config, search_type="websearch") for config in configs
    ]
    for other in others:
        first = first | other
    return first


def find(rows: QuerySet[Any], text: str, languages: Sequence[str]) -> QuerySet[Any]:
    """Rows (with columns `search` and `sample`) that match, best first, with their `relevance`.

    `text` is what somebody typed: quotation marks, "or" and a leading minus mean what they do in
    search engines, and nothing that can be typed is an error. An empty text changes nothing.
    """
    text = " ".join(clean_text(text).split())[:LONGEST]
    if not text:
        return rows
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


def nearest(rows: QuerySet[Any], text: str, most: int) -> list[Any]:
    """At most `most` rows whose `sample` says something like `text`, the likest first.

    `text` is what somebody is writing. Fewer than twelve characters find nothing. One query.
    """
    text = " ".join(clean_text(text).split())[:LONGEST]
    if len(text) < SHORTEST:
        return []
    likeness = TrigramWordSimilarity(text, "sample")
    found = rows.filter(sample__trigram_word_similar=text).annotate(likeness=likeness)
    return list(found.order_by("-likeness", "-pk")[:most])
