"""What the addresses of the API are made of: open reading, lists, bodies, query parameters."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from common.forms import LONGEST_ID
from common.verdicts import Refused, Verdict, no

NOT_FOUND = no("not_found", _("There is nothing at this address."), 404)
SECONDS = 15  # for which a proxy may keep what it got without an account
STALE = 60  # seconds for which it may serve that while it asks for the new
_SAFE = ("GET", "HEAD")


class Resource(GenericAPIView):
    """A thing at an address: everyone reads, who is signed in writes.

    What is asked for without an account is the same for everyone: it carries a validator, proxies
    may keep it for some seconds, and scripts of other sites may read it.
    """

    permission_classes = (IsAuthenticatedOrReadOnly,)
    filter_backends: tuple[type, ...] = ()
    metadata_class = None  # OPTIONS: the schema tells what there is
    serializer_class = serializers.Serializer

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method not in _SAFE or not _is_anonymous(request):
            return response
        response.headers["Access-Control-Allow-Origin"] = "*"
        if response.status_code == 200:
            response.headers["Cache-Control"] = (
                f"public, max-age=0, s-maxage={SECONDS}, stale-while-revalidate={STALE}"
            )
            patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
            response.add_post_render_callback(partial(_validated, request._request))
        return response

    def body(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        """The body as `shape` checked it. Raises ValidationError (400, by field)."""
        given = shape(data=self.request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        return values

    def page(
        self,
        rows: QuerySet[Any, Any],
        show: Callable[[Any], dict[str, Any]],
        *,
        ordering: Iterable[str] = (),
    ) -> Response:
        """One page of `rows`, each as `show` says it; by default in the queryset's order."""
        self.ordering = tuple(ordering)
        found = self.paginate_queryset(rows) or []
        return self.get_paginated_response([show(row) for row in found])


class Own(Resource):
    """A thing that only the person who asks can see."""

    permission_classes = (IsAuthenticated,)


def _is_anonymous(request: Request) -> bool:
    return (
        "HTTP_AUTHORIZATION" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _validated(request: HttpRequest, response: Response) -> HttpResponseBase:
    """The answer with its validator, or 304 for who has it already."""
    etag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def an_id(number: int) -> int:
    """An id from an address. Raises Refused (404) for a number that no row can have."""
    if not 0 < number <= LONGEST_ID:
        raise Refused(NOT_FOUND)
    return number


def site(request: Request) -> str:
    """Scheme and host, as the one who asks knows them."""
    return f"{request.scheme}://{request.get_host()}"


def pages(request: Request) -> str:
    """What stands before the path of a page for people, in the language of the answer."""
    return f"{site(request)}/{get_language()}"


def language_of(request: Request) -> str:
    """The language somebody writes in: of the request, if it names one, else the person's own."""
    if "HTTP_ACCEPT_LANGUAGE" in request.META:
        return get_language() or settings.LANGUAGE_CODE
    return str(request.user.language)


def chosen(request: Request, name: str, words: Collection[str], default: str = "") -> str:
    """A query parameter that is one of `words`. Raises ValidationError (400) for another."""
    value = request.query_params.get(name, "")
    if not value:
        return default
    if value not in words:
        message = _("This must be one of: %(words)s.") % {"words": ", ".join(words)}
        raise ValidationError({name: [message]})
    return value


def number_in(request: Request, name: str) -> int | None:
    """A query parameter that is a positive whole number. Raises ValidationError (400)."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 20 and 0 < int(text) <= LONGEST_ID:
        return int(text)
    raise ValidationError({name: [_("This must be a positive whole number.")]})


def choice_parameter(
    name: str, words: Iterable[str], description: Any, default: str | None = None
) -> OpenApiParameter:
    """How the schema tells of a parameter that `chosen` reads."""
    return OpenApiParameter(
        name, OpenApiTypes.STR, enum=list(words), description=description, default=default
    )


def number_parameter(name: str, description: Any) -> OpenApiParameter:
    """How the schema tells of a parameter that `number_in` reads."""
    shape = {"type": "integer", "minimum": 1, "maximum": LONGEST_ID}
    return OpenApiParameter(name, shape, description=description)


class VerdictSerializer(serializers.Serializer[Any]):
    """Whether the person who asks may do something now; if not, why."""

    allowed = serializers.BooleanField()
    code = serializers.CharField()
    message = serializers.CharField(allow_blank=True)


def verdict_row(verdict: Verdict) -> Mapping[str, Any]:
    return {"allowed": verdict.allowed, "code": verdict.code, "message": str(verdict.message)}
