"""A budget is created, described, published and closed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Area, Organisation
from budgets.models import Budget
from budgets.permissions import may_edit_budget
from common.verdicts import Refused, no, require
from common.written import prose_within, text_within
from processes import actions as processes
from processes.kinds import Activity, ProcessKind
from processes.models import Process, Topic
from processes.permissions import may_close, may_publish
from voting.kinds import PollKind
from voting.models import Poll

Texts = Mapping[str, str]
RESERVED = frozenset({"new", "bodies"})  # such addresses at the desks lead elsewhere


@transaction.atomic
def create_budget(
    actor: Any,
    *,
    organisation: Organisation,
    title: Texts,
    summary: Texts,
    languages: Sequence[str],
    about: Texts | None = None,
    area: Area | None = None,
    topics: Sequence[Topic] = (),
    slug: str = "",
) -> Budget:
    """An unpublished budget of a public body, without money, with a poll that is declared later.

    Texts are {language: text}.
    """
    process = processes.create_process(
        actor,
        kind=ProcessKind.BUDGET,
        organisation=organisation,
        title=dict(title),
        summary=dict(summary),
        languages=languages,
        area=area,
        topics=topics,
        slug=slug,
    )
    if process.slug in RESERVED:
        process.slug = f"{process.slug}-{process.pk}"
        process.save(update_fields=["slug"])
    texts, html = prose_within(about or {})
    poll = Poll.objects.create(process=process, kind=PollKind.VOTE)
    return Budget.objects.create(process=process, poll=poll, about=texts, about_html=html)


@transaction.atomic
def describe_budget(
    actor: Any,
    *,
    budget: Budget,
    title: Texts,
    summary: Texts,
    about: Texts,
    area: Area | None,
    topics: Sequence[Topic],
) -> Budget:
    """Change what describes the budget: that is never part of what was declared."""
    require(may_edit_budget(actor, budget))
    processes.edit_process(
        actor,
        process=budget.process,
        title=dict(title),
        summary=dict(summary),
        area=area,
        topics=topics,
    )
    budget.about, budget.about_html = prose_within(about)
    budget.save(update_fields=["about", "about_html"])
    return budget


@transaction.atomic
def set_languages(actor: Any, *, budget: Budget, languages: Sequence[str]) -> Budget:
    """Say in which languages a budget that is not published speaks; the first one leads. What is
    written in one that is taken out is kept, but not shown."""
    require(may_publish(actor, budget.process))
    wanted = list(dict.fromkeys(languages))
    if not wanted or set(wanted) - {code for code, _name in settings.LANGUAGES}:
        raise Refused(no("unknown_language", _("Choose at least one language."), 400))
    budget.process.languages = wanted
    budget.process.save(update_fields=["languages"])
    return budget


@transaction.atomic
def publish_budget(actor: Any, *, budget: Budget) -> Process:
    """Make it public. It needs money, and a phase in which people vote."""
    require(may_publish(actor, budget.process))
    if not budget.envelopes.exists():
        raise Refused(no("money_missing", _("Say first how much money there is."), 409))
    voting = budget.process.phases.filter(activities__contains=[Activity.VOTE])
    if not voting.filter(closes_at__gt=_now(budget)).exists():
        raise Refused(no("dates_missing", _("Say first when voting opens and closes."), 409))
    return processes.publish(actor, process=budget.process)


@transaction.atomic
def close_budget(actor: Any, *, budget: Budget, reason: str) -> Process:
    """End the budget now, for good. Before all its phases are over, and before its votes are counted,
    that is giving it up: it needs a reason that everyone reads."""
    process = budget.process
    require(may_close(actor, process))
    missing = _("It ends before its time: say why. Everyone will read it.")
    reason = text_within(
        reason, limit=2000, empty=missing if ends_early(budget) else "", code="reason_missing"
    )
    return processes.close(actor, process=process, reason=reason)


def ends_early(budget: Budget) -> bool:
    """Whether closing it now would be giving it up: votes are not counted, or a phase is not over.
    One query."""
    poll = Poll.objects.filter(pk=budget.poll_id)
    if not poll.filter(counted_at__isnull=False).exists():
        return True
    return budget.process.phases.filter(closes_at__gt=_now(budget)).exists()


def _now(budget: Budget) -> Any:
    """The database's clock: as it was read with the budget, else now."""
    return budget.process.timetable.now
