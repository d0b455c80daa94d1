"""What every page about a poll at the desk begins with: who may be here, the poll, the way around."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.kinds import Role
from accounts.models import Organisation
from accounts.pending import signed_in_to_post, take
from accounts.permissions import EDITING, ROLE_TOO_SMALL, works_for
from common.texts import Localized, localized
from common.verdicts import YES, Refused, Verdict
from processes.kinds import ProcessKind
from processes.models import Process
from voting.desk import reads
from voting.kinds import Eligibility, OpeningPolicy, Secrecy
from voting.models import Poll

READ = ("GET", "HEAD")
BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)


@dataclass(slots=True)
class Desk:
    """A poll at the desk. `href` is its page here, `public_href` its public page."""

    poll: Poll
    process: Process
    href: str
    public_href: str
    title: Localized
    body_name: Localized
    role: str
    tab: str

    @property
    def may_edit(self) -> bool:
        return self.role in EDITING

    @property
    def stage(self) -> str:
        """See `reads.stage_of`."""
        return reads.stage_of(self.poll)

    @property
    def is_fixed(self) -> bool:
        """Whether what was declared stays: the poll has opened."""
        return self.poll.opened_at is not None

    @property
    def opens_by_hand(self) -> bool:
        return bool(self.poll.opening_policy == OpeningPolicy.HAND)

    @property
    def crumbs(self) -> list[tuple[str, Any]]:
        home = (f"/{get_language()}/desk/", _("Desk"))
        return [home] if self.tab == "overview" else [home, (self.href, self.title)]

    @property
    def nav(self) -> list[tuple[str, str, bool]]:
        """(address, text, is the current page) of what the person may do here now."""
        pages = [
            ("overview", "", _("Overview")),
            ("questions", "questions/", _("Questions")),
            ("preview", "preview/", _("Preview")),
        ]
        if self.stage != "draft":
            pages.append(("booths", "booths/", _("Booths")))
        if self.stage == "counted":
            pages.append(("exports", "exports/", _("Single answers")))
        if self.may_edit:
            pages += self._editing_pages()
        if self.poll.secrecy == Secrecy.NAMED and self.poll.counted_at is not None:
            pages.append(("exports", "exports/", _("Single answers")))
        return [(f"{self.href}{path}", text, tab == self.tab) for tab, path, text in pages]

    def _editing_pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("about", "about/", _("Description")),
            ("rules", "rules/", _("Rules")),
        ]
        if self.poll.counted_at is None:
            pages.append(("samples", "samples/", _("Quotas and weights")))
        if self.poll.closed_at is None:
            pages.append(("phases", "phases/", _("Dates")))
            if self.poll.eligibility == Eligibility.INVITED:
                pages.append(("codes", "codes/", _("Invitation codes")))
        pages.append(("copy", "copy/", _("Copy")))
        if self.stage == "draft":
            pages.append(("publish", "publish/", _("Publish")))
        if self.stage == "open":
            pages.append(("close", "close/", _("Close")))
        return pages


def works(desk: Desk) -> Verdict:
    """Everyone who works for the public body."""
    return YES


def edits(desk: Desk) -> Verdict:
    return YES if desk.may_edit else ROLE_TOO_SMALL


def desk_of(user: Any, slug: str, tab: str) -> Desk:
    """The poll for somebody who works for its body. One query.

    Others are refused (PermissionDenied) where it is public, and find nothing where it is not.
    """
    rows = Poll.objects.with_timetable().select_related("copied_from__process")
    rows = rows.defer("copied_from__process__search", "copied_from__process__sample")
    poll = rows.filter(process__slug=slug, process__kind=ProcessKind.POLL).first()
    if poll is None:
        raise Http404
    process = poll.process
    process.phases_json, process.clock = poll.phases_json, poll.clock  # type: ignore[attr-defined]
    verdict = works_for(user, process.organisation_id)
    if not verdict and process.published_at is None:
        raise Http404
    if not verdict:
        raise PermissionDenied(str(verdict.message))
    language = get_language()
    return Desk(
        poll=poll,
        process=process,
        href=f"/{language}/desk/polls/{slug}/",
        public_href=f"/{language}/polls/{slug}/",
        title=localized(process.title),
        body_name=localized(process.organisation.name),
        role=Role.OWNER if user.is_superuser else user.role_in(process.organisation_id),
        tab=tab,
    )


def login_page(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")


def desk_page(
    tab: str, may: Callable[[Desk], Verdict] = works, methods: tuple[str, ...] = BOTH
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page about one poll: the view gets a `Desk` instead of the slug.

    Nobody is sent to sign in, who may not is refused, and what an action refuses becomes a page
    that says why, unless the view shows it beside its form.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @signed_in_to_post
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **names: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not request.user.is_authenticated:
                return login_page(request)
            desk = desk_of(request.user, slug, tab)
            verdict = may(desk)
            try:
                return view(request, desk, **names) if verdict else refuse(request, desk, verdict)
            except Refused as refused:
                return refuse(request, desk, refused.verdict)

        return guarded

    return decorate


def refuse(request: HttpRequest, desk: Desk, verdict: Verdict) -> HttpResponse:
    """Why this cannot be done: not by this person (403), nothing here (404), or not now (409)."""
    if verdict.status == 404:
        raise Http404(str(verdict.message))
    if verdict.status in (401, 403):
        raise PermissionDenied(str(verdict.message))
    return show(request, desk, "not_now", {"message": verdict.message}, status=verdict.status)


def show(
    request: HttpRequest,
    desk: Desk,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of the desk."""
    found = {"desk": desk, "section": "desk", "crumbs": desk.crumbs, **(context or {})}
    return render(request, f"voting/desk/{template}.html", found, status=status)


def kept(request: HttpRequest, initial: dict[str, Any]) -> dict[str, Any]:
    """`initial`, with what was typed here before somebody had to sign in."""
    typed = take(request)
    return initial | typed.fields.dict() if typed is not None else initial


def bodies_of(user: Any) -> list[Organisation]:
    """The public bodies for which the person may edit. One query."""
    rows = Organisation.objects.order_by("slug")
    if not user.is_superuser:
        rows = rows.filter(pk__in=[pk for pk, role in user.roles.items() if role in EDITING])
    return list(rows[:200])
