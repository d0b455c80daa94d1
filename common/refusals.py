"""A refusal as a page or, for the API, as a problem document (RFC 9457). Makes no query."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_path, override

from common.context import shell

PROBLEM_TYPE = "application/problem+json"
API_PREFIX = "/api/"
_NEVER_SHOWN = ("csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2", "next")


class Typed(NamedTuple):
    """A field that somebody filled in before a page was refused."""

    name: str
    value: str
    rows: int


def problem(
    status: int,
    code: str,
    detail: str | Promise,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The members of a problem document. `type` is about:blank, so `title` is the status's phrase.

    `code` is stable; `detail` is a sentence for people; `errors` is {field: sentences}.
    """
    members: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail),
    }
    if errors:
        members["errors"] = errors
    return members


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


def refuse(
    request: HttpRequest,
    status: int,
    code: str,
    message: str | Promise,
    *,
    typed: Sequence[Typed] = (),
    back: str = "",
) -> HttpResponse:
    """A response that says no, in the language of the address; `typed` is shown to be copied."""
    language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with override(language):
        if is_api(request):
            return JsonResponse(
                problem(status, code, message), status=status, content_type=PROBLEM_TYPE
            )
        frame = shell(request)
        # The page of a refusal asks nobody who is signed in: that may be what failed.
        frame["links"] = {"front": f"/{language}/"}
        page = render_to_string(
            "refused.html",
            {**frame, "status": status, "message": message, "typed": typed, "back": back},
        )
    return HttpResponse(page, status=status)


def typed_fields(request: HttpRequest) -> list[Typed]:
    """What a refused form held, without passwords. Empty if the body cannot be read."""
    if request.method != "POST":
        return []
    try:
        fields = request.POST.lists()
    except Exception:  # noqa: BLE001 - whatever is wrong with the body was reported already
        return []
    return [
        Typed(name, value, min(20, 2 + value.count("\n") + len(value) // 70))
        for name, values in fields
        if name not in _NEVER_SHOWN
        for value in values
        if value.strip()
    ]


def way_back(request: HttpRequest) -> str:
    """The page of this site that led here, or ""."""
    referer = request.META.get("HTTP_REFERER", "")
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    return referer if url_has_allowed_host_and_scheme(referer, {host}) else ""
