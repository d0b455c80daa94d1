"""A `.pb` file becomes a counted budget: its projects, its money, every ballot. For looking at real votes.

What the file does not say is not made up: projects have no authors, ballots belong to nobody. The ballot
box wants to know who voted: each row of the file is one line on the roll, under the digest of its number.
Ballots stand as cast on this site, since no sheet was entered here; the budget's text says where they
came from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation, User
from budgets.actions.declaring import (
    Declared,
    Voters,
    bound_projects,
    declare_ballot,
    declare_voters,
)
from budgets.actions.envelopes import add_category, add_envelope
from budgets.actions.phases import set_dates, usual_phases
from budgets.actions.setup import create_budget, publish_budget
from budgets.allocation.model import Election
from budgets.allocation.pabulib import PbError, PbFile
from budgets.allocation.pb_election import election as election_of
from budgets.allocation.pb_election import limits
from budgets.importing.ballots import Say, put_ballots
from budgets.kinds import BallotKind, Rule
from budgets.models import Budget, Category, Envelope, Project
from common.html import render_markdown
from processes import counters
from processes.actions import PhasePlan
from processes.kinds import Activity, SubjectKind
from processes.models import Phase, Subject
from voting.actions.stages import close_poll, count, open_poll_if_due
from voting.kinds import Secrecy
from voting.models import Poll

_CURRENCIES = {"poland": "PLN", "switzerland": "CHF", "us": "USD", "usa": "USD", "france": "EUR"}
_BALLOTS = {
    "approval": BallotKind.APPROVAL,
    "knapsack": BallotKind.KNAPSACK,
    "points": BallotKind.SHARE,
    "ranking": BallotKind.RANKING,
}
_EQUAL_SHARES = re.compile(r"^equalshares", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imported:
    """A budget that was imported; `keys` leads from the file's projects to those of the ballot."""

    budget: Budget
    keys: Mapping[str, str]
    ballots: int


@transaction.atomic
def load(
    actor: User,
    *,
    organisation: Organisation,
    file: PbFile,
    name: str,
    language: str,
    rule: str = "",
    slug: str = "",
    say: Say = lambda line: None,
) -> Imported:
    """Make the budget and count it. `name` is the file's. All or nothing. Raises PbError, Refused."""
    election = election_of(file)
    with override(language):
        budget = _described(actor, organisation, file, name, language, slug)
    envelope = add_envelope(
        actor, budget=budget, title={language: _place(file) or name}, amount=election.budget
    )
    declared = _declared(file, election, rule)
    declare_ballot(actor, budget=budget, declared=declared)
    declare_voters(actor, budget=budget, voters=Voters(secrecy=Secrecy.SECRET), consent={})
    keys = _projects(actor, budget, envelope, file, election, language)
    say(f"{len(keys)} projects")
    poll = _opened(actor, budget)
    ballots = put_ballots(poll, envelope.key, file, election, keys, say)
    close_poll(actor, poll=poll)
    count(poll.pk)
    _move_dates(budget, file)
    return Imported(budget, keys, ballots)


def rule_of(file: PbFile, election: Election) -> str:
    """The rule that the file names, as far as it is one of ours; else the most usual one."""
    if _EQUAL_SHARES.match(file.value("rule")):
        return Rule.MES_POINTS_ADD1 if election.counts_points else Rule.MES_COST_ADD1
    return Rule.GREEDY_BY_SCORE if election.counts_points else Rule.GREEDY_BY_VOTES


def _described(
    actor: User,
    organisation: Organisation,
    file: PbFile,
    name: str,
    language: str,
    slug: str,
) -> Budget:
    title = " ".join((file.value("description") or name).split())[:200]
    about = _(
        "This vote was held elsewhere. Projects and ballots come from the published file “%(file)s” in the "
        "format of the Pabulib library; nobody voted here, and nobody’s name is known."
    ) % {"file": name}
    budget = create_budget(
        actor,
        organisation=organisation,
        title={language: title},
        summary={language: _("A vote that was held elsewhere, from a published file.")},
        about={language: about},
        languages=[language],
        slug=slug,
    )
    bound_projects(
        actor,
        budget=budget,
        currency=_currency(file),
        smallest_cost=None,
        largest_cost=None,
        cosigners_needed=0,
    )
    return budget


def _currency(file: PbFile) -> str:
    said = file.value("currency").upper()
    if re.fullmatch(r"[A-Z]{3}", said):
        return said
    return _CURRENCIES.get(file.value("country").lower(), "EUR")


def _place(file: PbFile) -> str:
    return " ".join((file.value("subunit") or file.value("unit")).split())[:200]


def _declared(file: PbFile, election: Election, rule: str) -> Declared:
    """The ballot as the file declares it, widened where real ballots go beyond."""
    sizes = [len(ballot) for ballot in election.ballots if ballot]
    kind = _BALLOTS[election.kind]
    said = limits(file)
    longest = max([*sizes, int(said.max_length or 0)], default=1)
    has_limit = said.max_length is not None or kind == BallotKind.RANKING
    declared: dict[str, Any] = {"ballot": kind, "rule": rule or rule_of(file, election)}
    if kind == BallotKind.SHARE:
        sums = [sum(points for _key, points in ballot) for ballot in election.ballots]
        declared["points"] = max([*sums, int(said.max_sum_points or 0)], default=1)
    elif kind == BallotKind.RANKING:
        declared["most"] = _ranks(election)
    elif kind == BallotKind.APPROVAL:
        declared["most"] = min(longest, len(election.projects)) if has_limit else None
    if kind in (BallotKind.APPROVAL, BallotKind.RANKING):
        declared["least"] = min([*sizes, int(said.min_length or 1)], default=1)
    return Declared(**declared)


def _ranks(election: Election) -> int:
    """How many places a ranking has: the first gets so many points."""
    return max((points for ballot in election.ballots for _key, points in ballot), default=1)


def _projects(
    actor: User,
    budget: Budget,
    envelope: Envelope,
    file: PbFile,
    election: Election,
    language: str,
) -> dict[str, str]:
    """Rows of projects, published as feasible. {id in the file: key on the ballot}."""
    ids = [project.key for project in election.projects]
    numbers = _numbers(ids)
    categories = _categories(actor, budget, election, language)
    columns = {name: file.projects.column(name) for name in ("name", "latitude", "longitude")}
    now = timezone.now()
    for place, project in enumerate(election.projects):
        title = " ".join(columns["name"][place].split()) or project.key
        subject = Subject.objects.create(
            process=budget.process,
            kind=SubjectKind.PROJECT,
            title=title[:300],
            text=title,
            language=language,
        )
        located = _located(columns["latitude"][place], columns["longitude"][place])
        Project.objects.create(
            budget=budget,
            subject=subject,
            number=numbers[project.key],
            envelope=envelope,
            category=categories.get(_theme(project.category)),
            body=title,
            body_html=str(render_markdown(title)),
            is_feasible=True,
            cost=project.cost,
            decided_at=now,
            decision_language=language,
            latitude=located[0],
            longitude=located[1],
        )
    counters.move_process(budget.process_id, contributions=len(numbers))
    return {key: f"p{number}" for key, number in numbers.items()}


def _numbers(ids: list[str]) -> dict[str, int]:
    """Public numbers: the file's own where they are numbers, else in its order."""
    if all(re.fullmatch(r"[1-9][0-9]{0,8}", one) for one in ids):
        return {one: int(one) for one in ids}
    return {one: number for number, one in enumerate(ids, 1)}


def _theme(category: str) -> str:
    """The first of several themes."""
    return category.partition(",")[0].strip()


def _categories(
    actor: User, budget: Budget, election: Election, language: str
) -> dict[str, Category]:
    names = sorted({_theme(project.category) for project in election.projects} - {""})
    if len(names) > 40:  # these are not themes
        return {}
    return {
        name: add_category(actor, budget=budget, title={language: name[:100].capitalize()})
        for name in names
    }


def _located(latitude: str, longitude: str) -> tuple[Decimal | None, Decimal | None]:
    number = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?")
    if not (number.fullmatch(latitude) and number.fullmatch(longitude)):
        return None, None
    place = round(Decimal(latitude), 6), round(Decimal(longitude), 6)
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else (None, None)


def _opened(actor: User, budget: Budget) -> Poll:
    """The poll, open for a moment."""
    now = timezone.now()
    start, end = now - timedelta(hours=1), now + timedelta(hours=1)
    plan = [PhasePlan(dict.fromkeys(budget.process.languages, "-"), start, end, [Activity.VOTE])]
    set_dates(actor, budget=budget, plan=plan)
    publish_budget(actor, budget=budget)
    poll = open_poll_if_due(Poll.objects.with_timetable().get(pk=budget.poll_id))
    if poll.opened_at is None:
        raise PbError("the vote could not be opened")
    return poll


def _move_dates(budget: Budget, file: PbFile) -> None:
    """Let the usual phases stand where the file says that voting was."""
    begin, end = _day(file.value("date_begin")), _day(file.value("date_end"))
    if begin is None or end is None or end < begin:
        return
    languages = budget.process.languages
    plan = usual_phases(begin, languages)
    first = sum((phase.closes_at - phase.opens_at for phase in plan[:4]), timedelta())
    plan = usual_phases(begin - first, languages)
    shift = end + timedelta(days=1) - plan[4].closes_at
    Phase.objects.filter(process=budget.process_id).delete()
    for place, phase in enumerate(plan):
        Phase.objects.create(
            process=budget.process,
            name=phase.name,
            opens_at=phase.opens_at + (shift if place > 4 else timedelta()),
            closes_at=phase.closes_at + (shift if place > 3 else timedelta()),
            activities=list(phase.activities),
        )


def _day(text: str) -> datetime | None:
    """A day as these files write it: "30.09.2022", "2022-09-30"; None for a year alone."""
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return timezone.make_aware(datetime.strptime(text, pattern))  # noqa: DTZ007
        except ValueError:
            continue
    return None
