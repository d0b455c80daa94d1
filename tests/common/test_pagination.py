"""Lists that are read page by page."""

from typing import Any

import pytest
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, QuerySet
from django.db.models.functions import Length, Mod
from django.test import RequestFactory
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.models import Area
from common.pagination import ApiCursorPagination, BadCursor, page_of, take_slice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas() -> QuerySet[Area]:
    """Twenty-one areas under three parents, with many ties in every column but the slug."""
    parents = [factories.area(f"region-{letter}") for letter in "abc"]
    for number in range(18):
        factories.area(f"{'long-' * (number % 2)}town-{number}", parent=parents[number % 3])
    return Area.objects.annotate(
        size=Length("slug"), third=Mod(F("id"), 3), likeness=TrigramSimilarity("slug", "town-1")
    )


def read_all(queryset: QuerySet[Any], ordering: tuple[str, ...], size: int) -> list[Any]:
    rows, cursor = take_slice(queryset, ordering=ordering, size=size)
    while cursor:
        more, cursor = take_slice(queryset, ordering=ordering, size=size, cursor=cursor)
        assert 1 <= len(more) <= size
        rows += more
    return rows


@pytest.mark.parametrize("size", [1, 2, 7, 21, 50])
@pytest.mark.parametrize(
    "ordering",
    [
        ("pk",),
        ("-slug",),
        ("-size", "-id"),
        ("third", "-size", "slug"),
        ("-size",),
        ("-likeness", "-pk"),
        ("likeness", "-third", "pk"),
    ],
)
def test_the_pages_together_are_the_list(areas, ordering, size):
    whole = [*ordering] if ordering[-1].lstrip("-") in ("pk", "id", "slug") else [*ordering, "-pk"]
    assert read_all(areas, ordering, size) == list(areas.order_by(*whole))


def test_a_path_to_another_table_is_an_ordering_too(areas):
    towns = areas.filter(parent__isnull=False)
    expected = list(towns.order_by("-parent__slug", "slug"))
    assert read_all(towns, ("-parent__slug", "slug"), 4) == expected


def test_rows_as_dictionaries_are_read_alike(areas):
    slugs = [row["slug"] for row in read_all(areas.values("slug", "size"), ("size", "slug"), 4)]
    assert slugs == list(areas.order_by("size", "slug").values_list("slug", flat=True))


def test_a_page_is_one_query_however_deep(areas, django_assert_num_queries):
    _, cursor = take_slice(areas, ordering=("-size", "pk"), size=15)
    with django_assert_num_queries(1):
        take_slice(areas, ordering=("-size", "pk"), size=3, cursor=cursor)


def test_a_row_that_comes_meanwhile_repeats_and_hides_none(areas):
    rows, cursor = take_slice(areas, ordering=("-size", "-pk"), size=10)
    factories.area("a-slug-that-is-longer-than-all-the-others")
    more, _ = take_slice(areas, ordering=("-size", "-pk"), size=50, cursor=cursor)
    assert len(set(rows) | set(more)) == len(rows) + len(more) == 21


@pytest.mark.parametrize(
    "cursor", ["x", "WzFd", "WzFd.x", "\x00", "é" * 10, "a" * 10_000, "....", "'; --"]
)
def test_a_cursor_that_no_page_made_is_refused(areas, cursor):
    with pytest.raises(BadCursor):
        take_slice(areas, ordering=("pk",), size=5, cursor=cursor)


def test_a_cursor_of_another_ordering_is_refused(areas):
    _, cursor = take_slice(areas, ordering=("slug",), size=5)
    with pytest.raises(BadCursor):
        take_slice(areas, ordering=("-slug",), size=5, cursor=cursor)
    with pytest.raises(BadCursor):
        take_slice(areas, ordering=("pk",), size=5, cursor=cursor)


def test_a_page_links_to_the_next_with_its_other_parameters(areas):
    request = RequestFactory().get("/areas/?kind=a%26b&cursor=wrong")
    rows, href = page_of(request, areas, ordering=("pk",), size=20)
    assert rows == list(areas.order_by("pk")[:20])
    assert href.startswith("?kind=a%26b&cursor=")
    rest = page_of(RequestFactory().get(f"/areas/{href}"), areas, ordering=("pk",), size=20)
    assert len(rest.rows) == 1
    assert rest.next_href == ""


def ask(path: str, queryset: QuerySet[Any]) -> dict[str, Any]:
    pagination = ApiCursorPagination()
    rows = pagination.paginate_queryset(queryset, Request(RequestFactory().get(path)))
    return pagination.get_paginated_response([row.slug for row in rows]).data


def test_the_api_gives_results_and_the_address_of_the_next(areas):
    first = ask("/areas/?page_size=15&q=x", areas.order_by("-size", "slug"))
    assert first["next"].startswith("http://testserver/areas/?")
    assert "q=x" in first["next"]
    assert "page_size=15" in first["next"]
    second = ask(first["next"], areas.order_by("-size", "slug"))
    assert second["next"] is None
    expected = list(areas.order_by("-size", "slug").values_list("slug", flat=True))
    assert first["results"] + second["results"] == expected


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "page_size=0",
        "page_size=-1",
        "page_size=101",
        "page_size=9e9",
        "page_size=",
        "page_size=²",
    ],
)
def test_the_api_refuses_what_is_no_cursor_and_no_size(areas, query):
    with pytest.raises(ValidationError):
        ask(f"/areas/?{query}", areas)
