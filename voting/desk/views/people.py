"""Whom a poll asks: groups of people, and invitation codes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Group, Organisation
from accounts.pending import signed_in_to_post
from accounts.permissions import may_edit_for
from common.forms import LONGEST_ID, add_refusal
from common.html import clean_text
from common.pagination import page_of
from common.texts import localized
from common.verdicts import Refused
from processes.desk import POST, edits, kept, login_page, show
from voting.actions.codes import make_codes, revoke_codes
from voting.actions.groups import Added, add_people, create_group, remove_person
from voting.desk import reads
from voting.desk.forms import CodesForm, GroupForm, MembersForm
from voting.desk.views.frame import Desk, desk_page
from voting.secrecy.receipts import grouped

SIZE = 50


@desk_page("codes", edits)
def codes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make codes. They are shown, or downloaded, this once: nobody can read them again."""
    form, status, made = CodesForm(request.POST or None), 200, []
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = make_codes(request.user, poll=desk.poll, **form.cleaned_data)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
    if made and "download" in request.POST:
        return _file(desk, made)
    context = {
        "form": form,
        "made": "\n".join(grouped(code) for code in made),
        "number": len(made),
        "batches": reads.batches_of(desk.poll),
    }
    answer = show(request, desk, "codes", context, status=200 if made else status)
    answer["Cache-Control"] = "no-store"
    return answer


def _file(desk: Desk, made: list[str]) -> HttpResponse:
    text = "\n".join(grouped(code) for code in made) + "\n"
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="codes-{desk.process.slug}.txt"'
    answer["Cache-Control"] = "no-store"
    return answer


@desk_page("codes", edits, POST)
def revoke(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make a batch of codes useless."""
    number = revoke_codes(
        request.user, poll=desk.poll, batch=clean_text(request.POST.get("batch", ""))
    )
    sentence = ngettext("%(count)s code is revoked.", "%(count)s codes are revoked.", number)
    messages.success(request, sentence % {"count": number})
    return redirect(f"{desk.href}codes/")


def _body_or_refuse(user: Any, slug: str) -> Organisation:
    """The public body, for one of its editors."""
    body = Organisation.objects.filter(slug=slug).first()
    if body is None:
        raise Http404
    verdict = may_edit_for(user, body.pk)
    if not verdict:
        raise PermissionDenied(str(verdict.message))
    return body


def _href(body: Organisation) -> str:
    return f"/{get_language()}/desk/polls/bodies/{body.slug}/groups/"


def _page(
    request: HttpRequest, body: Organisation, name: str, context: dict[str, Any], status: int
) -> HttpResponse:
    crumbs: list[tuple[str, Any]] = [(f"/{get_language()}/desk/", _("Desk"))]
    if name == "group":
        crumbs.append((_href(body), _("Groups of people")))
    found = {"section": "desk", "crumbs": crumbs, "body_name": localized(body.name)}
    found["here"] = _href(body)
    return render(request, f"voting/desk/{name}.html", {**found, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups of a public body, and a form for one more."""
    if not request.user.is_authenticated:
        return login_page(request)
    body = _body_or_refuse(request.user, slug)
    form, status = GroupForm(request.POST or None, initial=kept(request, {})), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = create_group(request.user, organisation=body, name=form.cleaned_data["name"])
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The group is there. Now add its people."))
                return redirect(f"{_href(body)}{made.pk}/")
    rows = Group.objects.filter(organisation=body).annotate(size=Count("members"))
    return _page(request, body, "groups", {"form": form, "rows": rows[:500]}, status)


def _group_or_404(body: Organisation, pk: int) -> Group:
    row = Group.objects.filter(pk=pk, organisation=body).first() if pk <= LONGEST_ID else None
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def group(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The people of a group, and a form to take in more by their addresses."""
    if not request.user.is_authenticated:
        return login_page(request)
    body = _body_or_refuse(request.user, slug)
    row = _group_or_404(body, pk)
    form, status = MembersForm(request.POST or None, initial=kept(request, {})), 200
    unknown: tuple[str, ...] = ()
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                told = add_people(request.user, group=row, emails=form.lines())
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                _say(request, told)
                if not told.unknown:
                    return redirect(f"{_href(body)}{row.pk}/")
                unknown, status = told.unknown, 200
                form = MembersForm(initial={"emails": "\n".join(unknown)})
    people = row.members.select_related("user").order_by()
    found, next_href = page_of(request, people, ordering=("pk",), size=SIZE)
    context = {"group": row, "form": form, "unknown": unknown, "rows": found,
               "next_href": next_href, "size": row.members.count()}  # fmt: skip
    return _page(request, body, "group", context, status)


def _say(request: HttpRequest, told: Added) -> None:
    sentence = ngettext("%(count)s person is added.", "%(count)s people are added.", told.added)
    messages.success(request, sentence % {"count": told.added})
    if told.known_already:
        sentence = ngettext(
            "%(count)s was in the group already.",
            "%(count)s were in the group already.",
            told.known_already,
        )
        messages.info(request, sentence % {"count": told.known_already})


@require_http_methods(["POST"])
@signed_in_to_post
def remove(request: HttpRequest, slug: str, pk: int, user_id: int) -> HttpResponse:
    """Take somebody out of a group. Adding the address again brings the person back."""
    body = _body_or_refuse(request.user, slug)
    row = _group_or_404(body, pk)
    if user_id > LONGEST_ID or not remove_person(request.user, group=row, user_id=user_id):
        raise Http404
    messages.success(request, _("The person is out of the group. A ballot that was cast stays."))
    return redirect(f"{_href(body)}{row.pk}/")
