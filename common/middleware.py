"""The outer two layers of every request: an id for the logs, and refusals that are never a 500."""

import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext_lazy as _
from structlog.contextvars import bind_contextvars, clear_contextvars

from common.metrics import request_seconds
from common.refusals import refuse

GetResponse = Callable[[HttpRequest], HttpResponse]

READ_AWAY = 32 * 1024 * 1024  # bytes of a body beyond the limit
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_log = structlog.get_logger("kenes.web")


class RequestId:
    """Gives each request an id: in every log line, and in the header X-Request-ID.

    An id that a proxy has set is kept if it looks like one. Logs one event per request, with the
    route's name instead of the address, so that no personal data gets into a log.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        request_seconds.labels(response.status_code).observe(seconds)
        response.headers["X-Request-ID"] = request_id
        match = request.resolver_match
        _log.info(
            "request",
            method=request.method,
            route=match.view_name if match else None,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response


class SlashKept(CommonMiddleware):
    """Django's own, but an address without its last slash loses nothing that was sent to it: what
    is written is redirected with its method and body (308), not turned into a GET (301)."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = super().__call__(request)
        moved = isinstance(response, HttpResponsePermanentRedirect)
        if moved and request.method not in ("GET", "HEAD"):
            response.status_code = 308
        return response

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))


class PlainRefusals:
    """Refuses what no page can use: NUL, invalid UTF-8, bodies beyond the limit."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_too_large(request):
            _read_away(request)
            return refuse(
                request, 413, "too_large", _("That is more than this site accepts at once.")
            )
        if not _is_plain_address(request):
            return refuse(
                request, 400, "bad_address", _("The address contains characters that mean nothing.")
            )
        if "\x00" in "".join(request.COOKIES.values()):
            return refuse(request, 400, "bad_cookie", _("A cookie cannot be read. Delete it."))
        if request.content_type == "application/x-www-form-urlencoded" and not _is_plain_encoded(
            request.body
        ):
            return refuse(
                request, 400, "bad_text", _("The text contains characters that are not UTF-8.")
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """PostgreSQL cannot store NUL; what slipped through a form is the sender's mistake."""
        if isinstance(error, ValueError) and "NUL (0x00)" in str(error):
            return refuse(request, 400, "bad_text", _("The text contains a NUL character."))
        return None


def _is_too_large(request: HttpRequest) -> bool:
    """Whether the body is longer than the limit for its type (uploads may be larger)."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    if request.content_type == "multipart/form-data":
        return length > settings.UPLOAD_LIMIT
    return length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _read_away(request: HttpRequest) -> None:
    """Read what will be refused: a connection that closes before is reset, and nobody reads why."""
    left = READ_AWAY
    while left > 0 and (piece := request.read(64 * 1024)):
        left -= len(piece)


def _is_plain_address(request: HttpRequest) -> bool:
    """Django has decoded the path already, and kept %-escapes of what was not UTF-8."""
    query = request.META.get("QUERY_STRING", "")
    return "\x00" not in request.path_info and _is_plain_encoded(query.encode("latin-1", "replace"))


def _is_plain_encoded(query: bytes) -> bool:
    """Whether a query or a form's body is UTF-8 without NUL once its %-escapes are undone."""
    return _is_plain(unquote_to_bytes(query) if b"%" in query else query)


def _is_plain(raw: bytes) -> bool:
    if b"\x00" in raw:
        return False
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
