"""Pages that belong to no app: refusals, health, figures for operators."""

import hmac
import logging
import sys

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from common.metrics import registry
from common.refusals import refuse, typed_fields, way_back

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or came from elsewhere: what was typed is shown, so nothing is lost."""
    message = _(
        "This form was open for too long, or cookies are switched off. Nothing was saved. "
        "Copy what you typed, go back and send it again."
    )
    return refuse(
        request, 403, "form_too_old", message, typed=typed_fields(request), back=way_back(request)
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where a limit was passed."""
    if isinstance(exception, _TOO_LARGE):
        return refuse(request, 413, "too_large", _("That is more than this site accepts at once."))
    return refuse(request, 400, "bad_request", _("This request cannot be understood."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the sentence that came with the exception, if it is one for people."""
    message = str(exception or "") or _("This page is not for you to see.")
    return refuse(request, 403, "forbidden", message, typed=typed_fields(request))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("There is no page at this address. It may have moved, or the link is cut off.")
    return refuse(request, 404, "not_found", message, back=way_back(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the database is away. What was typed is shown, so nothing is lost."""
    error = sys.exc_info()[1]
    is_away = isinstance(error, (OperationalError, InterfaceError))
    if is_away:
        message = _("The database does not answer at the moment. Please try again in a minute.")
    else:
        message = _("Something went wrong on our side. It was recorded, and we will look at it.")
    response = refuse(
        request,
        503 if is_away else 500,
        "away" if is_away else "server_error",
        message,
        typed=typed_fields(request),
        back=way_back(request),
    )
    if is_away:
        response.headers["Retry-After"] = "5"
    return response


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Whether this process answers. Asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Whether PostgreSQL answers (503 if not). Valkey is reported, for all works without it."""
    database = _database_answers()
    report = {
        "status": "ok" if database else "unavailable",
        "database": "ok" if database else "unavailable",
        "cache": "ok" if _cache_answers() else "unavailable",
    }
    return JsonResponse(report, status=200 if database else 503)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: everything public, but no forms."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*/accounts/", "Disallow: /*/desk/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for whoever knows KENES_METRICS_TOKEN; nobody if it is not set."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), wanted.encode()):
        return page_not_found(request)
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logging.getLogger(__name__).warning("The database does not answer.")
        return False
    return True


def _cache_answers() -> bool:
    """A fail-open cache never raises, so ask for what was just stored."""
    cache.set("kenes:ready", "ok", 30)
    return bool(cache.get("kenes:ready") == "ok")
