"""What became of the chosen projects: the dashboard of one budget, and of all of them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgets import drawings
from budgets.building import Row, Totals, chosen_rows, everywhere, late_first, totals_of
from budgets.models import Budget
from budgets.standing import State, state_words
from budgets.views.frame import BudgetFrame, frame_of
from common.pages import public_page
from common.texts import Localized, localized
from common.ui.charts import PATTERN_DEFINITIONS
from common.ui.choices import select
from common.ui.money import money

PARAMETERS = ("state", "category", "envelope")


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen project as the table shows it; amounts in words."""

    row: Row
    href: str
    plan: str
    spent: str
    bar: SafeString


@dataclass(frozen=True, slots=True)
class Part:
    """The money of one envelope that was planned and spent; amounts in words."""

    title: Localized
    number: int
    plan: str
    spent: str
    bar: SafeString


@require_safe
@public_page(seconds=15, parameters=PARAMETERS)
def building(request: HttpRequest, slug: str) -> HttpResponse:
    """All chosen projects: how many stand where, money against the plan, a table to narrow. Two
    queries without a session, whatever the number of projects."""
    frame = frame_of(request.user, slug, "building")
    if not frame.is_counted:
        return render(request, "budgets/building.html", {"frame": frame, "is_waiting": True})
    rows = chosen_rows(frame.budget)
    asked = {name: request.GET.get(name, "") for name in PARAMETERS}
    shown = late_first([row for row in rows if _fits(row, asked)])
    totals = totals_of(rows)
    context = {
        "frame": frame,
        "patterns": PATTERN_DEFINITIONS,
        "figures": _figures(totals),
        "totals": totals,
        "states": drawings.states(totals.counts),
        "parts": _parts(frame, rows),
        "bar": drawings.spending(totals.spent, totals.plan),
        "spent": money(totals.spent, frame.budget.currency),
        "plan": money(totals.plan, frame.budget.currency),
        "selects": _selects(frame, asked),
        "is_filtered": any(asked.values()),
        "lines": [_line(frame, row) for row in shown],
        "total": len(rows),
    }
    return render(request, "budgets/building.html", context)


def _fits(row: Row, asked: dict[str, str]) -> bool:
    return (
        asked["state"] in ("", row.state)
        and asked["category"] in ("", str(row.category_id))
        and asked["envelope"] in ("", str(row.envelope_id))
    )


def _figures(totals: Totals) -> list[tuple[Any, ...]]:
    """(number, word, tone) of the states that there are."""
    words = state_words()
    order = (State.BUILT, State.UNDER_WAY, State.LATE, State.WAITING, State.GIVEN_UP)
    return [
        (
            totals.counts[state],
            words[state],
            "sun" if state == State.LATE and totals.counts[state] else "",
        )
        for state in order
        if totals.counts[state] or state in (State.BUILT, State.LATE)
    ]


def _parts(frame: BudgetFrame, rows: list[Row]) -> list[Part]:
    """Each envelope; [] where there is one alone."""
    if len(frame.pots) < 2:
        return []
    found = []
    for pot in frame.pots:
        of_pot = totals_of([row for row in rows if row.envelope_id == pot.pk])
        currency = frame.budget.currency
        found.append(
            Part(
                pot.title,
                of_pot.number,
                money(of_pot.plan, currency),
                money(of_pot.spent, currency),
                drawings.spending(of_pot.spent, of_pot.plan, 10),
            )
        )
    return found


def _line(frame: BudgetFrame, row: Row) -> Line:
    currency = frame.budget.currency
    return Line(
        row,
        f"{frame.projects_href}{row.subject_id}/",
        money(row.plan, currency),
        money(row.spent, currency),
        drawings.spending(row.spent, row.plan, 8),
    )


def _selects(frame: BudgetFrame, asked: dict[str, str]) -> list[SafeString]:
    """What the table can be narrowed by."""
    states: list[tuple[str, Any]] = [("", _("All projects")), *state_words().items()]
    found = [select("state", _("Where it stands"), states, asked["state"])]
    for name, label, nothing, things in (
        ("category", _("Theme"), _("All themes"), frame.themes),
        ("envelope", _("Envelope"), _("All envelopes"), frame.pots),
    ):
        if len(things) > 1:
            choices = [("", nothing), *((str(thing.pk), thing.title) for thing in things)]
            found.append(select(name, label, choices, asked[name]))
    return found


@dataclass(frozen=True, slots=True)
class Card:
    """A budget in the list of all; amounts in words, "" before anything was chosen."""

    title: Localized
    body_name: Localized
    href: str
    totals: Totals | None
    states: SafeString | str
    spent: str
    plan: str


@require_safe
@public_page(seconds=15)
def budgets(request: HttpRequest) -> HttpResponse:
    """All budgets, and what became of what they chose. Two queries without a session."""
    rows = (
        Budget.objects.filter(process__published_at__isnull=False)
        .select_related("process__organisation")
        .only(
            *("currency", "process__slug", "process__title", "process__kind"),
            "process__organisation__name",
        )
        .order_by("-process__published_at", "-pk")
    )
    built = everywhere()
    cards = [_card(budget, built.get(budget.pk)) for budget in rows[:200]]
    total = _all_of(built)
    context = {
        "cards": cards,
        "patterns": PATTERN_DEFINITIONS,
        "totals": total if total.number else None,
        "figures": _figures(total),
        "states": drawings.states(total.counts),
    }
    return render(request, "budgets/budgets.html", context)


def _card(budget: Budget, totals: Totals | None) -> Card:
    process = budget.process
    return Card(
        localized(process.title),
        localized(process.organisation.name),
        f"/{get_language()}/budgets/{process.slug}/",
        totals,
        drawings.states(totals.counts) if totals else "",
        money(totals.spent, budget.currency) if totals else "",
        money(totals.plan, budget.currency) if totals else "",
    )


def _all_of(built: dict[int, Totals]) -> Totals:
    """All of them in numbers. Money is not added up: currencies differ."""
    total = Totals()
    for one in built.values():
        for state, number in one.counts.items():
            total.counts[state] += number
    return total
