"""What every page of booths begins with: the poll or the booth, and what the person is there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import NOT_OF_THIS_BODY, OWNING
from common.forms import LONGEST_ID
from common.texts import Crumb, Localized, localized
from common.verdicts import Refused, Verdict
from processes.desk import BOTH, login_page
from processes.kinds import process_path
from processes.models import phases_of
from voting.models import Booth, Poll
from voting.permissions import may_officiate, may_read_desk, may_run_poll


@dataclass(slots=True)
class Place:
    """Where somebody stands: a poll's booths, or one of them."""

    poll: Poll
    booth: Booth | None
    is_officer: bool
    is_of_the_body: bool
    may_run: bool
    is_owner: bool

    @property
    def title(self) -> Localized:
        return localized(self.poll.title) or localized(self.poll.process.title)

    @property
    def list_href(self) -> str:
        return f"/{get_language()}/desk/polls/{self.poll.process.slug}/booths/"

    @property
    def home_href(self) -> str:
        """The desk of its process."""
        return f"/{get_language()}/desk{process_path(self.poll.process)}"

    @property
    def href(self) -> str:
        return f"{self.list_href}{self.booth.pk}/" if self.booth else self.list_href

    @property
    def crumbs(self) -> list[Crumb]:
        """The way back: by the desk for its people, by their booths for officers."""
        if not self.is_of_the_body:
            found: list[Crumb] = [(f"/{get_language()}/booths/", _("My booths"))]
        else:
            desk = f"/{get_language()}/desk/"
            found = [(desk, _("Desk")), (self.home_href, self.title)]
            if self.booth:
                found.append((self.list_href, _("Booths")))
        return found

    @property
    def may_judge(self) -> bool:
        return self.is_officer or self.is_owner


def poll_of(slug: str) -> Poll:
    """The poll of a process. One query. Raises Http404."""
    rows = Poll.objects.with_timetable().filter(process__slug=slug)
    poll = rows.order_by("order", "pk").first()
    if poll is None:
        raise Http404
    return poll


def booth_of(slug: str, pk: int) -> Booth:
    """The booth with its poll, process and timetable. One query. Raises Http404."""
    rows = Booth.objects.select_related("poll__process__organisation").defer(
        "poll__process__search", "poll__process__sample"
    )
    rows = rows.annotate(phases_json=phases_of("poll__process_id"), clock=Now())
    booth = rows.filter(pk=pk, poll__process__slug=slug).first() if pk <= LONGEST_ID else None
    if booth is None:
        raise Http404
    poll = booth.poll
    poll.phases_json, poll.clock = booth.phases_json, booth.clock  # type: ignore[attr-defined]
    return booth


def _place(user: Any, poll: Poll, booth: Booth | None) -> Place:
    organisation = poll.process.organisation_id
    role = "" if user.is_superuser else user.role_in(organisation)
    return Place(
        poll=poll,
        booth=booth,
        is_officer=bool(booth and may_officiate(user, booth)),
        is_of_the_body=bool(may_read_desk(user, poll)),
        may_run=bool(may_run_poll(user, poll)),
        is_owner=user.is_superuser or role in OWNING,
    )


Guard = Callable[[Place], Verdict | bool]


def of_the_body(place: Place) -> bool:
    return place.is_of_the_body


def in_charge(place: Place) -> bool:
    return place.may_run


def officer(place: Place) -> bool:
    return place.is_officer


def judge(place: Place) -> bool:
    return place.may_judge


def known_here(place: Place) -> bool:
    """Officers of the booth, and everyone who works for the public body."""
    return place.is_officer or place.is_of_the_body


def booth_page(
    may: Guard, methods: tuple[str, ...] = BOTH
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page about a poll's booths, or about one: the view gets a `Place` instead of the address.

    Nobody is sent to sign in; what was typed is not kept for them, for it may be a ballot. Who is
    neither an officer nor of the public body is refused, and finds nothing where the poll is not
    public. What an action refuses is said on the booth's page, unless the view shows it itself.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **names: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not request.user.is_authenticated:
                return login_page(request)
            booth = booth_of(slug, names.pop("booth_id")) if "booth_id" in names else None
            place = _place(request.user, booth.poll if booth else poll_of(slug), booth)
            if not may(place):
                if place.poll.process.published_at is None and not known_here(place):
                    raise Http404
                raise PermissionDenied(str(_why(place)))
            try:
                return view(request, place, **names)
            except Refused as refused:
                return turned_back(request, place, refused.verdict)

        return guarded

    return decorate


def _why(place: Place) -> Any:
    if place.booth and place.is_of_the_body:
        return _("Only the officers of this booth can do this.")
    return NOT_OF_THIS_BODY.message


def turned_back(request: HttpRequest, place: Place, verdict: Verdict) -> HttpResponse:
    """Why something cannot be done, said on the page it was asked from."""
    if verdict.status in (401, 403):
        raise PermissionDenied(str(verdict.message))
    messages.error(request, str(verdict.message))
    return redirect(place.href)


def show(
    request: HttpRequest, place: Place, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of booths. Answers of sheets are on some: nothing of them is stored anywhere."""
    base = {"place": place, "section": "desk", "crumbs": place.crumbs}
    return render(request, f"booths/{template}.html", {**base, **context}, status=status)
