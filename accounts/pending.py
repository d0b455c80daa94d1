"""What somebody typed while their session had ended: kept until they have signed in again.

A page that shows a form calls `take(request)`; a view that accepts one is decorated with
`signed_in_to_post`. An anonymous POST is then kept in a fresh session row and the person is sent
to sign in; allauth keeps the session's content, and the form comes back filled in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from common.refusals import refuse, typed_fields

SESSION_KEY = "typed"
SIZE_LIMIT = 100_000  # characters of all fields together
KEPT = 5  # forms

View = Callable[..., HttpResponse]


class Typed(NamedTuple):
    """A form that waits: the path it was sent to, and its fields."""

    action: str
    fields: QueryDict


def signed_in_to_post(view: View) -> View:
    """Let only signed-in people POST; keep what others typed and send them to sign in.

    They return to the page that the form stood on: the field "back" if it is a path of this site,
    else the referring page, else the path itself.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated or request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        back = _page_of_form(request)
        if not _keep(request, back):
            sentence = _("Sign in first. What you typed is too long to be kept here: copy it now.")
            return refuse(
                request, 401, "sign_in_first", sentence, typed=typed_fields(request), back=back
            )
        messages.info(request, _("Sign in, and go on where you were. What you typed is kept."))
        address = f"{reverse('account_login')}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)

    return guarded


def take(request: HttpRequest) -> Typed | None:
    """What was typed on this page before its author had to sign in. The second call gives None."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    waiting = request.session.get(SESSION_KEY)
    if not waiting or request.path not in waiting:
        return None
    action, pairs = waiting.pop(request.path)
    request.session[SESSION_KEY] = waiting
    fields = QueryDict(mutable=True)
    for name, value in pairs:
        fields.appendlist(name, value)
    return Typed(action, fields)


def _keep(request: HttpRequest, back: str) -> bool:
    """Keep the fields for the page `back`; False if they are longer than the limit."""
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in pairs) > SIZE_LIMIT:
        return False
    waiting = dict(request.session.get(SESSION_KEY) or {})
    page = urlsplit(back).path
    waiting.pop(page, None)
    waiting[page] = (request.path, pairs)
    request.session[SESSION_KEY] = dict(list(waiting.items())[-KEPT:])
    return True


def _page_of_form(request: HttpRequest) -> str:
    """A path of this site, with its query: where the form stood."""
    given = request.POST.get("back", "")
    if given.startswith("/") and url_has_allowed_host_and_scheme(given, None):
        return given
    referer = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        parts = urlsplit(referer)
        return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return request.path
