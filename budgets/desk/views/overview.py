"""One budget at a glance: what comes next, then numbers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext

from budgets.desk import checks, reads
from budgets.desk.home import stage_word
from budgets.desk.views.frame import Desk, desk_page
from budgets.views.frame import steps
from processes.desk import READ, show


@desk_page("overview", methods=READ)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What must be done before it is published or before people vote, the work, then numbers. Nothing
    here says how anybody voted."""
    process = desk.process
    counts = reads.counts_of(desk.budget)
    found = _checks(desk, counts)
    context = {
        "checks": found,
        "is_ready": not any(check.state == "missing" for check in found),
        "counts": counts,
        "figures": _figures(desk, counts),
        "steps": steps(process.timetable),
        "now": process.timetable.now,
        "stage_word": stage_word(desk.budget),
        "polls_href": f"/{get_language()}/desk/polls/{process.slug}/",
        "has_ended": bool(process.closes_at and process.closes_at <= process.timetable.now),
    }
    return show(request, desk, "overview", context)


def _checks(desk: Desk, counts: reads.Counts) -> list[Any]:
    if desk.stage == "draft":
        return checks.before_publishing(desk.budget, desk.href)
    if desk.stage == "published":
        asked = reads.asked_by(desk.budget)
        return checks.before_voting(desk.budget, desk.href, asked, counts)
    return []


def _figures(desk: Desk, counts: reads.Counts) -> list[tuple[Any, ...]]:
    """(number, words) of people and projects."""
    people = desk.process.participant_count
    found = [
        (people, ngettext("person took part", "people took part", people)),
        (counts.all, ngettext("project stands", "projects stand", counts.all)),
        (counts.feasible, ngettext("is feasible", "are feasible", counts.feasible)),
        (counts.refused, ngettext("is not feasible", "are not feasible", counts.refused)),
    ]
    poll = desk.budget.poll
    if poll.opened_at is not None and (poll.shows_turnout or poll.counted_at is not None):
        voted = poll.turnout_count
        found.append((voted, ngettext("person voted", "people voted", voted)))
    if poll.counted_at is not None:
        found += [
            (counts.chosen, ngettext("project is chosen", "projects are chosen", counts.chosen)),
            (counts.built, ngettext("is completed", "are completed", counts.built)),
        ]
    return found
