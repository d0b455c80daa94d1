"""Who works for a public body, and as what."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import grant_role, revoke_role, verify_person
from accounts.kinds import VerificationLevel
from accounts.models import Area, Organisation, User
from accounts.pending import signed_in_to_post
from accounts.permissions import may_edit_for, may_own, works_for
from common.forms import LONGEST_ID, add_refusal
from common.texts import localized
from common.verdicts import Refused, Verdict
from consultations.desk.forms import ResidentForm, RoleForm
from processes.desk import kept, login_page


def _body_or_refuse(user: Any, slug: str, may: Callable[[Any, int], Verdict]) -> Organisation:
    """The public body, for one of its people who may."""
    body = Organisation.objects.select_related("area").filter(slug=slug).first()
    if body is None:
        raise Http404
    verdict = works_for(user, body.pk) and may(user, body.pk)
    if not verdict:
        raise PermissionDenied(str(verdict.message))
    return body


def _href(body: Organisation) -> str:
    return f"/{get_language()}/desk/bodies/{body.slug}/people/"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of a public body, and a form to take in one more or change a role."""
    if not request.user.is_authenticated:
        return login_page(request)
    body = _body_or_refuse(request.user, slug, may_own)
    form, status = RoleForm(request.POST or None, initial=kept(request, {"role": "editor"})), 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and (person := _person(form)) is not None:
            try:
                grant_role(
                    request.user, person=person, organisation=body, role=form.cleaned_data["role"]
                )
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                sentence = _("%(person)s works for you now.")
                messages.success(request, sentence % {"person": person})
                return redirect(_href(body))
    return _page(request, body, "people", {"form": form, "members": _members(body)}, status)


def _person(form: Any) -> User | None:
    """The person with the address of the form; the form says if there is none."""
    email = form.cleaned_data["email"].strip().lower()
    person = User.objects.filter(
        email=email, is_active=True, closed_at__isnull=True, generated_at__isnull=True
    ).first()
    if person is None:
        form.add_error(
            "email", _("Nobody has an account with this address. Ask the person to create one.")
        )
    return person


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def residents(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that a person lives in the area of the public body, so that phases for residents
    are open to them."""
    if not request.user.is_authenticated:
        return login_page(request)
    body = _body_or_refuse(request.user, slug, may_edit_for)
    areas = _areas_of(body)
    choices = [(area.pk, localized(area.name).text) for area in areas.values()]
    form, status = ResidentForm(request.POST or None, areas=choices, initial=kept(request, {})), 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and (person := _person(form)) is not None:
            try:
                verify_person(
                    request.user,
                    person=person,
                    level=VerificationLevel.RESIDENCE,
                    area=areas[form.cleaned_data["area"]],
                    organisation=body,
                )
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                sentence = _("It is noted where %(person)s lives.")
                messages.success(request, sentence % {"person": person})
                return redirect(request.path)
    context = {"form": form, "areas": areas, "page_width": "narrow"}
    return _page(request, body, "residents", context, status)


def _areas_of(body: Organisation) -> dict[int, Area]:
    """The area of the body and those that lie in it. One query."""
    if body.area is None:
        return {}
    rows = Area.objects.filter(path__startswith=body.area.path).order_by("path")
    return {area.pk: area for area in rows}


def _members(body: Organisation) -> list[Any]:
    return list(body.memberships.select_related("user").order_by("role", "user__email"))


def _page(
    request: HttpRequest, body: Organisation, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    title = localized(body.name).text
    crumbs = [(f"/{get_language()}/desk/", _("Desk"))]
    if name == "revoke":
        crumbs.append((_href(body), _("People")))
    found = {
        "section": "desk",
        "crumbs": crumbs,
        "body": body,
        "body_name": title,
        "here": _href(body),
    }
    return render(request, f"desk/{name}.html", {**found, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def revoke(request: HttpRequest, slug: str, user_id: int) -> HttpResponse:
    """Ask first; then the person works for the body no more. What they answered stays."""
    if not request.user.is_authenticated:
        return login_page(request)
    body = _body_or_refuse(request.user, slug, may_own)
    rows = body.memberships.select_related("user")
    member = rows.filter(user=user_id).first() if user_id <= LONGEST_ID else None
    if member is None:
        raise Http404
    error, status = "", 200
    if request.method == "POST":
        try:
            revoke_role(request.user, person=member.user, organisation=body)
        except Refused as refused:
            error, status = str(refused.verdict.message), refused.verdict.status
        else:
            sentence = _("%(person)s no longer works for you.")
            messages.success(request, sentence % {"person": member.user})
            is_me = member.user_id == request.user.pk
            return redirect(f"/{get_language()}/" if is_me else _href(body))
    context = {"member": member, "error": error, "page_width": "narrow"}
    return _page(request, body, "revoke", context, status)
