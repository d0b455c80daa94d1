"""What the desks of all kinds of process begin with: who may be here, how refusals are said, what
stands on the desk's first page.

A kind of process makes its `Desk` of `Frame`, finds it by slug, and gets its `desk_page` from
`pages_of`. Its templates lie in the folder that `Frame.templates` names.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.kinds import Role
from accounts.models import Organisation
from accounts.pending import signed_in_to_post, take
from accounts.permissions import ANSWERING, EDITING, ROLE_TOO_SMALL, works_for
from common.forms import add_refusal
from common.texts import Crumb, Localized, localized
from common.verdicts import YES, Refused, Verdict
from processes.kinds import process_path
from processes.models import Process

READ = ("GET", "HEAD")
BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)

View = Callable[..., HttpResponse]


@dataclass(slots=True)
class Frame(ABC):
    """A process at the desk. `href` is its page here, `public_href` its public page."""

    process: Process
    href: str
    public_href: str
    title: Localized
    body_name: Localized
    role: str
    tab: str

    templates: ClassVar[str] = "desk"

    @property
    def may_edit(self) -> bool:
        return self.role in EDITING

    @property
    def may_answer(self) -> bool:
        return self.role in ANSWERING

    @property
    def crumbs(self) -> list[Crumb]:
        home: Crumb = (f"/{get_language()}/desk/", _("Desk"))
        return [home] if self.tab == "overview" else [home, (self.href, self.title)]

    @property
    def nav(self) -> list[tuple[str, str, bool]]:
        """(address, text, is the current page) of what the person may do here now."""
        return [(f"{self.href}{path}", text, tab == self.tab) for tab, path, text in self.pages()]

    @abstractmethod
    def pages(self) -> list[tuple[str, str, str]]:
        """(tab, path below `href`, text) of what the person may do here now."""


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the work list. `state` is late, owed or "" ; `verb` as for the tag `when`."""

    href: str
    title: Localized
    what: str
    state: str = ""
    at: datetime | None = None
    verb: str = "due"


@dataclass(slots=True)
class HomePart:
    """What a kind of process adds to the desk's first page: work, and a list drawn by `template`, which
    finds it as `part.rows`."""

    template: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)


# Functions (public bodies, each with `role`) -> HomePart, of apps that stand beside the one whose page
# it is; two queries each.
HOME: list[Callable[[Sequence[Organisation]], HomePart]] = []

D = TypeVar("D", bound=Frame)


def framed(user: Any, process: Process | None, tab: str) -> dict[str, Any]:
    """What a `Frame` is made of, for somebody who works for the body of a process.

    Others are refused (PermissionDenied) where it is public, and find nothing where it is not
    (Http404). The process comes with its organisation; no query.
    """
    if process is None:
        raise Http404
    verdict = works_for(user, process.organisation_id)
    if not verdict and process.published_at is None:
        raise Http404
    if not verdict:
        raise PermissionDenied(str(verdict.message))
    role = Role.OWNER if user.is_superuser else user.role_in(process.organisation_id)
    return frame_of(process, tab, role)


def frame_of(process: Process, tab: str, role: str) -> dict[str, Any]:
    """What a `Frame` is made of, for somebody who may be here. Asks nobody."""
    language, path = get_language(), process_path(process)
    return {
        "process": process,
        "href": f"/{language}/desk{path}",
        "public_href": f"/{language}{path}",
        "title": localized(process.title),
        "body_name": localized(process.organisation.name),
        "role": role,
        "tab": tab,
    }


def works(desk: Frame) -> Verdict:
    """Everyone who works for the public body."""
    return YES


def edits(desk: Frame) -> Verdict:
    return YES if desk.may_edit else ROLE_TOO_SMALL


def answers(desk: Frame) -> Verdict:
    return YES if desk.may_answer else ROLE_TOO_SMALL


def pages_of(find: Callable[[Any, str, str], D]) -> Callable[..., Callable[[View], View]]:
    """The decorator of the pages about one process: `find(user, slug, tab)` gives its desk.

    `@desk_page(tab, may=works, methods=BOTH)`: the view gets the desk instead of the slug. Nobody is
    sent to sign in, who may not is refused, and what an action refuses becomes a page that says
    why, unless the view shows it beside its form.
    """

    def desk_page(
        tab: str, may: Callable[[D], Verdict] = works, methods: tuple[str, ...] = BOTH
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            @signed_in_to_post
            @wraps(view)
            def guarded(request: HttpRequest, slug: str, **names: Any) -> HttpResponse:
                if request.method not in methods:
                    return HttpResponseNotAllowed(methods)
                if not request.user.is_authenticated:
                    return login_page(request)
                desk = find(request.user, slug, tab)
                verdict = may(desk)
                try:
                    if verdict:
                        return view(request, desk, **names)
                    return refuse(request, desk, verdict)
                except Refused as refused:
                    return refuse(request, desk, refused.verdict)

            return guarded

        return decorate

    return desk_page


def login_page(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")


def refuse(request: HttpRequest, desk: Frame, verdict: Verdict) -> HttpResponse:
    """Why this cannot be done: not by this person (403), nothing here (404), or not now (409)."""
    if verdict.status == 404:
        raise Http404(str(verdict.message))
    if verdict.status in (401, 403):
        raise PermissionDenied(str(verdict.message))
    return show(request, desk, "not_now", {"message": verdict.message}, status=verdict.status)


def show(
    request: HttpRequest,
    desk: Frame,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of the desk."""
    found = {"desk": desk, "section": "desk", "crumbs": desk.crumbs, **(context or {})}
    return render(request, f"{desk.templates}/{template}.html", found, status=status)


def kept(request: HttpRequest, initial: dict[str, Any]) -> dict[str, Any]:
    """`initial`, with what was typed here before somebody had to sign in."""
    typed = take(request)
    return initial | typed.fields.dict() if typed is not None else initial


def new_page(
    request: HttpRequest,
    form_class: Any,
    create: Callable[[HttpRequest, Any, Organisation], HttpResponse],
    *,
    template: str,
) -> HttpResponse:
    """The page on which a process of some kind is made, for whoever edits for a public body.

    `form_class` is made of `processes.forms.ForBody`; `create(request, form, body)` makes the process
    and answers; what it refuses stands above the form, with all that was typed.
    """
    if not request.user.is_authenticated:
        return login_page(request)
    bodies = edited_bodies_of(request.user)
    first = next((b for b in bodies if b.slug == request.GET.get("body", "")), bodies[0])
    initial = {
        "languages": [settings.LANGUAGE_CODE],
        "organisation": first.pk,
        "area": first.area_id,
    }
    choices = [(body.pk, localized(body.name).text) for body in bodies]
    form = form_class(request.POST or None, bodies=choices, initial=kept(request, initial))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            body = next(b for b in bodies if b.pk == form.cleaned_data["organisation"])
            try:
                return create(request, form, body)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
    context = {"form": form, "section": "desk", "crumbs": [(f"/{get_language()}/desk/", _("Desk"))]}
    return render(request, template, context, status=status)


def bodies_of(user: Any) -> list[Organisation]:
    """The public bodies that the person works for, each with `role`. One query."""
    rows = Organisation.objects.order_by("slug")
    rows = rows if user.is_superuser else rows.filter(pk__in=list(user.roles))
    found = list(rows[:200])
    for body in found:
        body.role = Role.OWNER if user.is_superuser else user.roles[body.pk]  # type: ignore[attr-defined]
    return found


def edited_bodies_of(user: Any) -> list[Organisation]:
    """Those for which the person may create and edit. One query. Raises PermissionDenied for none."""
    found = [body for body in bodies_of(user) if body.role in EDITING]  # type: ignore[attr-defined]
    if not found:
        raise PermissionDenied(str(ROLE_TOO_SMALL.message))
    return found
