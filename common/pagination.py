"""Lists that are read page by page from a place, not from a number.

A page is one query for one row more than it shows: it counts nothing, skips nothing however deep it
lies, and neither repeats nor misses a row when others are added meanwhile. The cursor is signed, so
that only places exist which a page has named.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.core.signing import BadSignature, Signer
from django.db.models import F, FloatField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

Row = TypeVar("Row")

LONGEST_CURSOR = 500  # characters
LARGEST_PAGE = 100  # rows


class BadCursor(ValueError):
    """The cursor was not made by a page of this list."""


class Slice(NamedTuple, Generic[Row]):
    """Rows, and the cursor of those that follow ("" when these are the last)."""

    rows: list[Row]
    cursor: str


class ListPage(NamedTuple, Generic[Row]):
    """Rows, and the relative address of those that follow ("" when these are the last)."""

    rows: list[Row]
    next_href: str


class _Key(NamedTuple):
    """One column of an ordering: `path` as the ordering calls it, `name` as the row does."""

    path: str
    name: str
    is_descending: bool


def take_slice(
    queryset: QuerySet[Any, Row], *, ordering: Sequence[str], size: int, cursor: str = ""
) -> Slice[Row]:
    """Return up to `size` rows after `cursor` in the given ordering. One query.

    `ordering` are names as for `order_by`: fields, paths ("subject__agree_count") or annotations,
    none of them NULL; unless the last is unique, the primary key is added. Raises BadCursor.
    """
    keys = _keys(queryset, ordering)
    signer = _signer(queryset, keys)
    rows = queryset.annotate(
        **{key.name: _expression(queryset, key.path) for key in keys if key.name != key.path}
    ).order_by(*(f"-{key.path}" if key.is_descending else key.path for key in keys))
    if cursor:
        rows = rows.filter(_after(keys, _read(signer, cursor, len(keys))))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Slice(found, "")
    return Slice(found[:size], _write(signer, [_value(found[size - 1], key) for key in keys]))


def page_of(
    request: HttpRequest,
    queryset: QuerySet[Any, Row],
    *,
    ordering: Sequence[str],
    size: int = 20,
    parameter: str = "cursor",
) -> ListPage[Row]:
    """Return the page that the request asks for; with a cursor that is none, the first. One query.

    Two lists on one page need a `parameter` each.
    """
    cursor = request.GET.get(parameter, "")
    try:
        rows, following = take_slice(queryset, ordering=ordering, size=size, cursor=cursor)
    except BadCursor:
        rows, following = take_slice(queryset, ordering=ordering, size=size)
    return ListPage(rows, _next_href(request, parameter, following))


def first_page(
    request: HttpRequest,
    queryset: QuerySet[Any, Row],
    found: list[Row],
    *,
    ordering: Sequence[str],
    size: int = 20,
    parameter: str = "cursor",
) -> ListPage[Row]:
    """Return the first page of what `page_of` lists, of rows that were read already. No query.

    `found` are the first `size` + 1 rows; `ordering` must name columns of the rows themselves.
    """
    if len(found) <= size:
        return ListPage(found, "")
    keys = _keys(queryset, ordering)
    following = _write(_signer(queryset, keys), [_value(found[size - 1], key) for key in keys])
    return ListPage(found[:size], _next_href(request, parameter, following))


def _next_href(request: HttpRequest, parameter: str, following: str) -> str:
    if not following:
        return ""
    query = request.GET.copy()
    query[parameter] = following
    return f"?{query.urlencode()}"


class ApiCursorPagination(BasePagination):
    """The same for the API: `results`, and in `next` the address of what follows or null.

    The ordering is the view's `ordering`, else the queryset's, else the newest first. `page_size`
    goes up to 100; what is no size or no cursor is refused with 400.
    """

    page_size = api_settings.PAGE_SIZE or 20
    following = ""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        ordering = getattr(view, "ordering", None) or queryset.query.order_by or ("-pk",)
        cursor = request.query_params.get("cursor", "")
        try:
            rows, following = take_slice(
                queryset, ordering=ordering, size=self._size(request), cursor=cursor
            )
        except BadCursor:
            raise ValidationError({"cursor": [_("This is no cursor of this list.")]}) from None
        self.go_on(request, following)
        return rows

    def go_on(self, request: Request, cursor: str) -> None:
        """Say where the page after this one begins ("": nowhere)."""
        address = request.build_absolute_uri()
        self.following = replace_query_param(address, "cursor", cursor) if cursor else ""

    def _size(self, request: Request) -> int:
        text = request.query_params.get("page_size", str(self.page_size))
        if text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= LARGEST_PAGE:
            return int(text)
        raise ValidationError({"page_size": [_("This must be a number from 1 to 100.")]})

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.following or None, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Address of the following page; null on the last.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": self.page_size}
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Where the page begins, as `next` of the page before says.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "Rows in a page.",
                "schema": size,
            },
        ]


def _keys(queryset: QuerySet[Any, Any], ordering: Sequence[str]) -> list[_Key]:
    """Return the columns, the last of them unique."""
    terms = list(ordering)
    if not _is_unique(queryset, terms[-1].lstrip("-")):
        terms.append("-pk" if terms[-1].startswith("-") else "pk")
    keys = []
    for place, term in enumerate(terms):
        path = term.lstrip("-")
        is_direct = "__" not in path and not _is_float(queryset, path)
        keys.append(_Key(path, path if is_direct else f"cursor_{place}", term.startswith("-")))
    return keys


def _field(queryset: QuerySet[Any, Any], path: str) -> Any:
    """The field behind a name of the ordering; None where it is a path."""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field
    options = queryset.model._meta
    try:
        return options.pk if path == "pk" else options.get_field(path)
    except FieldDoesNotExist:
        return None


def _is_unique(queryset: QuerySet[Any, Any], path: str) -> bool:
    return getattr(_field(queryset, path), "unique", False) is True


def _is_float(queryset: QuerySet[Any, Any], path: str) -> bool:
    return isinstance(_field(queryset, path), FloatField)


def _expression(queryset: QuerySet[Any, Any], path: str) -> F | Cast:
    """What the row is to carry. A single-precision rank equals itself only in double precision."""
    return Cast(F(path), FloatField()) if _is_float(queryset, path) else F(path)


def _after(keys: list[_Key], values: list[Any]) -> Q:
    """Return the condition of the rows behind a place: (a, b) < (x, y), in any mix of directions."""
    behind, level = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        comparison = "lt" if key.is_descending else "gt"
        behind |= level & Q(**{f"{key.name}__{comparison}": value})
        level &= Q(**{key.name: value})
    first = keys[0]
    return Q(**{f"{first.name}__{'lte' if first.is_descending else 'gte'}": values[0]}) & behind


def _value(row: Any, key: _Key) -> Any:
    return row[key.name] if isinstance(row, dict) else getattr(row, key.name)


def _signer(queryset: QuerySet[Any, Any], keys: list[_Key]) -> Signer:
    """A signature holds for this model and ordering only, so that the values fit the columns."""
    names = ",".join(f"{'-' if key.is_descending else ''}{key.path}" for key in keys)
    return Signer(salt=f"cursor:{queryset.model._meta.label}:{names}", sep=".")


def _write(signer: Signer, values: list[Any]) -> str:
    plain = [value.pk if isinstance(value, Model) else value for value in values]
    text = json.dumps(plain, default=str, separators=(",", ":"))
    return signer.sign(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def _read(signer: Signer, cursor: str, length: int) -> list[Any]:
    if len(cursor) > LONGEST_CURSOR:
        raise BadCursor
    try:
        text = signer.unsign(cursor)
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (BadSignature, binascii.Error, ValueError) as error:
        raise BadCursor from error
    if not isinstance(values, list) or len(values) != length:
        raise BadCursor
    return values
