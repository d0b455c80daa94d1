"""What is declared before voting opens: the ballot, the rule, the voters."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import Group
from budgets.actions.declaring import (
    declare_ballot,
    declare_voters,
    declared_of,
    voters_of,
)
from budgets.desk.declare_forms import DeclareForm
from budgets.desk.declared import declared_lines
from budgets.desk.views.frame import Desk, desk_page
from budgets.permissions import may_declare
from common.forms import sent
from common.html import trusted
from common.verdicts import require
from processes.desk import edits, kept, show
from processes.fields import spread
from voting.rules import rules_of


@desk_page("rules", edits)
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything in plain words, each rule with its paragraph. Once voting has opened it stays."""
    if request.method == "POST":
        require(may_declare(request.user, desk.budget))
    if desk.is_fixed:
        return _fixed(request, desk)
    groups = list(Group.objects.filter(organisation=desk.process.organisation_id))
    form = DeclareForm(
        request.POST or None,
        groups=groups,
        languages=desk.process.languages,
        initial=kept(request, _initial(desk)),
    )
    done = sent(request, form, lambda: _declare(request, desk, form))
    if done:
        messages.success(request, _("Ballot and rule are declared."))
        return redirect(desk.href)
    slug = desk.process.organisation.slug
    return show(request, desk, "rules", {"form": form, "body_slug": slug}, status=done.status)


def _initial(desk: Desk) -> dict[str, Any]:
    poll = desk.budget.poll
    voters = voters_of(poll)
    return {
        **asdict(declared_of(desk.budget)),
        **{name: getattr(voters, name) for name in voters.__slots__},
        "area": poll.area_id,
        "group": poll.group_id,
        **spread(consent=poll.consent),
    }


def _fixed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was declared, in words. Context of voting/_rules.html beside the lines of the ballot."""
    poll = desk.budget.poll
    context = {
        "lines": declared_lines(desk.budget),
        "rules": rules_of(poll),
        "frame": {"poll": poll},
        "consent": [(code, trusted(html)) for code, html in poll.consent_html.items()],
    }
    return show(request, desk, "rules_fixed", context)


@transaction.atomic
def _declare(request: HttpRequest, desk: Desk, form: DeclareForm) -> None:
    declare_ballot(request.user, budget=desk.budget, declared=form.declared())
    declare_voters(
        request.user,
        budget=desk.budget,
        voters=form.voters(),
        consent=form.by_language("consent"),
    )
