"""What is declared before a poll opens, and when it opens and closes."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group
from common.forms import sent
from common.html import trusted
from common.verdicts import require
from processes.desk import edits, kept, show
from processes.fields import spread
from processes.kinds import Activity
from processes.permissions import may_change_dates
from voting.actions.dates import set_dates
from voting.actions.editing import declare_rules, rules_of, write_consent
from voting.desk.forms import DatesForm, RulesForm
from voting.desk.views.frame import Desk, desk_page
from voting.permissions import may_edit_poll
from voting.rules import rules_of as in_words


@desk_page("rules", edits)
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every policy in plain words. Once the poll has opened they are shown, and stay."""
    poll = desk.poll
    if desk.is_fixed:
        if request.method == "POST":
            require(may_edit_poll(request.user, poll))
        context = {"consent": _consent(desk), "rules": in_words(poll), "frame": desk}
        return show(request, desk, "rules_fixed", context)
    groups = list(Group.objects.filter(organisation=desk.process.organisation_id))
    declared = rules_of(poll)
    initial = {name: getattr(declared, name) for name in declared.__slots__}
    initial |= {"area": poll.area_id, "group": poll.group_id, **spread(consent=poll.consent)}
    form = RulesForm(
        request.POST or None,
        groups=groups,
        languages=desk.process.languages,
        initial=kept(request, initial),
    )
    done = sent(request, form, lambda: _declare(request, desk, form))
    if done:
        messages.success(request, _("The rules are declared."))
        return redirect(desk.href)
    slug = desk.process.organisation.slug
    return show(request, desk, "rules", {"form": form, "body_slug": slug}, status=done.status)


@transaction.atomic
def _declare(request: HttpRequest, desk: Desk, form: RulesForm) -> None:
    declare_rules(request.user, poll=desk.poll, rules=form.rules())
    write_consent(request.user, poll=desk.poll, consent=form.by_language("consent"))


def _consent(desk: Desk) -> list[tuple[str, str]]:
    """(language, HTML) of what people agreed to."""
    return [(code, trusted(html)) for code, html in desk.poll.consent_html.items()]


@desk_page("phases", edits)
def dates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """When it opens and closes; once published with a reason that everyone reads."""
    require(may_change_dates(request.user, desk.process))
    form = DatesForm(
        request.POST or None,
        initial=kept(request, _moments(desk)),
        needs_reason=desk.process.published_at is not None,
        has_opened=desk.is_fixed,
    )
    done = sent(request, form, lambda: _set(request, desk, form))
    if done:
        messages.success(request, _("The dates are set."))
        return redirect(desk.href)
    context = {"form": form, "zone": timezone.get_current_timezone_name()}
    return show(request, desk, "dates", context, status=done.status)


def _moments(desk: Desk) -> dict[str, Any]:
    """The dates it has; without any, two weeks from tomorrow morning."""
    spans = [span for span in desk.poll.timetable.spans if Activity.VOTE in span.activities]
    if spans:
        return {"opens_at": spans[0].opens_at, "closes_at": spans[-1].closes_at}
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    start += timedelta(days=1)
    return {"opens_at": start, "closes_at": start + timedelta(days=14, hours=9)}


def _set(request: HttpRequest, desk: Desk, form: DatesForm) -> None:
    data = form.cleaned_data
    set_dates(
        request.user,
        poll=desk.poll,
        opens_at=_moments(desk)["opens_at"] if desk.is_fixed else data["opens_at"],
        closes_at=data["closes_at"],
        reason=data.get("reason", ""),
    )
