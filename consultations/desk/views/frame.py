"""What every page of the desk begins with: who may be here, the consultation, the way around."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.kinds import Role
from accounts.pending import signed_in_to_post, take
from accounts.permissions import ANSWERING, EDITING, ROLE_TOO_SMALL, works_for
from common.texts import Crumb, Localized, localized
from common.verdicts import YES, Refused, Verdict
from consultations.models import Consultation
from processes.models import Process, phases_of

READ = ("GET", "HEAD")
BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)


@dataclass(slots=True)
class Desk:
    """A consultation at the desk. `href` is its page here, `public_href` its public page."""

    consultation: Consultation
    process: Process
    href: str
    public_href: str
    title: Localized
    body_name: str
    role: str
    tab: str

    @property
    def may_edit(self) -> bool:
        return self.role in EDITING

    @property
    def may_answer(self) -> bool:
        return self.role in ANSWERING

    @property
    def stage(self) -> str:
        """draft, running, closed or done."""
        process = self.process
        if process.published_at is None:
            return "draft"
        if process.closed_at is None:
            return "running"
        return "closed" if process.results_published_at is None else "done"

    @property
    def crumbs(self) -> list[Crumb]:
        home: Crumb = (f"/{get_language()}/desk/", _("Desk"))
        return [home] if self.tab == "overview" else [home, (self.href, self.title)]

    @property
    def nav(self) -> list[tuple[str, str, bool]]:
        """(address, text, is the current page) of what the person may do here now."""
        pages = [("overview", "", _("Overview"))]
        if self.stage != "draft":
            pages.append(("queue", "queue/", _("Contributions")))
        if self.may_edit:
            pages += self._editing_pages()
        return [(f"{self.href}{path}", text, tab == self.tab) for tab, path, text in pages]

    def _editing_pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("about", "about/", _("Description")),
            ("text", "text/", _("The text")),
        ]
        if self.stage in ("draft", "running"):
            pages += [
                ("phases", "phases/", _("Phases")),
                ("promise", "promise/", _("The promise")),
            ]
        last = {
            "draft": ("publish", "publish/", _("Publish")),
            "running": ("close", "close/", _("Close")),
            "closed": ("results", "results/", _("Results")),
        }.get(self.stage)
        return [*pages, last] if last else pages


def works(desk: Desk) -> Verdict:
    """Everyone who works for the public body."""
    return YES


def edits(desk: Desk) -> Verdict:
    return YES if desk.may_edit else ROLE_TOO_SMALL


def answers(desk: Desk) -> Verdict:
    return YES if desk.may_answer else ROLE_TOO_SMALL


def desk_of(user: Any, slug: str, tab: str) -> Desk:
    """The consultation for somebody who works for its body. One query.

    Others are refused (PermissionDenied) where it is public, and find nothing where it is not.
    """
    rows = (
        Consultation.objects.select_related("process__organisation", "process__area", "current")
        .defer("process__search", "process__sample")
        .annotate(phases_json=phases_of("process_id"), clock=Now())
    )
    consultation = rows.filter(process__slug=slug).first()
    if consultation is None:
        raise Http404
    process = consultation.process
    process.phases_json, process.clock = consultation.phases_json, consultation.clock  # type: ignore[attr-defined]
    verdict = works_for(user, process.organisation_id)
    if not verdict and process.published_at is None:
        raise Http404
    if not verdict:
        raise PermissionDenied(str(verdict.message))
    language = get_language()
    return Desk(
        consultation=consultation,
        process=process,
        href=f"/{language}/desk/consultations/{slug}/",
        public_href=f"/{language}/consultations/{slug}/",
        title=localized(process.title),
        body_name=localized(process.organisation.name).text,
        role=Role.OWNER if user.is_superuser else user.role_in(process.organisation_id),
        tab=tab,
    )


def login_page(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")


def desk_page(
    tab: str, may: Callable[[Desk], Verdict] = works, methods: tuple[str, ...] = BOTH
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page about one consultation: the view gets a `Desk` instead of the slug.

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
    return render(request, f"desk/{template}.html", found, status=status)


def kept(request: HttpRequest, initial: dict[str, Any]) -> dict[str, Any]:
    """`initial`, with what was typed here before somebody had to sign in."""
    typed = take(request)
    return initial | typed.fields.dict() if typed is not None else initial
