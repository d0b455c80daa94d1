"""What became of the chosen projects of a budget that is told: steps, reports, delays, ribbons."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from budgets.actions.milestones import add_milestone
from budgets.actions.reports import News, report_built, report_delay, report_progress
from budgets.models import Milestone, Project
from demo.money import Money

PROMISED = 600  # days ago
OVER = 50  # days ago: nothing was reported since
Event = tuple[
    int, str, dict[str, Any], Any
]  # day (negative: ago), project, its row, report or step


def build(money: Money) -> None:
    """Promise the steps of all chosen projects, then tell the news in their order."""
    money.past.mark(timedelta(days=PROMISED))
    chosen = set(
        Project.objects.filter(
            pk__in=[project.pk for project in money.projects.values()], chosen_at__isnull=False
        ).values_list("pk", flat=True)
    )
    rows = [row for row in money.data["project"] if money.projects[row["key"]].pk in chosen]
    steps = {row["key"]: list(_promise(money, row)) for row in rows}
    events = [event for row in rows for event in _events(row)]
    for day, key, row, news in sorted(events, key=lambda event: event[0]):
        money.past.mark(timedelta(days=-day))
        if "kind" in news:
            _report(money, key, row, news, steps[key])
        else:
            _reach(steps[key][news["step"]], _day(money, day))
    money.past.mark(timedelta(days=OVER))
    for row in rows:
        _start(money, row)


def _day(money: Money, number: int) -> date:
    return money.past.at(-timedelta(days=number)).date()


def _promise(money: Money, row: dict[str, Any]) -> Iterator[Milestone]:
    for step in row.get("milestone", ()):
        yield add_milestone(
            money.official,
            project=money.framed(row["key"]),
            title=step["title"],
            planned_on=_day(money, step["planned"]),
        )


def _events(row: dict[str, Any]) -> Iterator[Event]:
    """Reports, and steps that were reached without one."""
    told = set()
    for news in row.get("report", ()):
        step = _step_of(news, row)
        if step is not None and news["kind"] == "progress":
            told.add(step)
        yield news["at"], row["key"], row, {**news, "step": step}
    for number, step in enumerate(row.get("milestone", ())):
        if "reached" in step and number not in told:
            yield step["reached"], row["key"], row, {"step": number}


def _step_of(news: dict[str, Any], row: dict[str, Any]) -> int | None:
    """The step that a report is about: the one it names, or that was reached on its day."""
    if "milestone" in news:
        return int(news["milestone"])
    for number, step in enumerate(row.get("milestone", ())):
        if step.get("reached") == news["at"] and news["kind"] == "progress":
            return number
    return None


def _reach(step: Milestone, day: date) -> None:
    Milestone.objects.filter(pk=step.pk).update(reached_on=day)


def _report(
    money: Money, key: str, row: dict[str, Any], news: dict[str, Any], steps: list[Milestone]
) -> None:
    project, number = money.framed(key), news["step"]
    told = News(news["body"], news["language"], spent=Decimal(news["spent"]))
    step = steps[number] if number is not None else None
    if news["kind"] == "built":
        day = _day(money, news["at"])
        report_built(money.official, project=project, news=told, built_on=day)
    elif news["kind"] == "delay":
        day = _day(money, news["expected"])
        report_delay(money.official, project=project, news=told, expected_on=day, milestone=step)
    else:
        day = _day(money, row["milestone"][number]["reached"]) if step else None  # type: ignore[assignment]
        report_progress(money.official, project=project, news=told, milestone=step, reached_on=day)


def _start(money: Money, row: dict[str, Any]) -> None:
    """Work began with the first news, not today."""
    first = min((event[0] for event in _events(row)), default=None)
    if first is not None:
        Project.objects.filter(pk=money.projects[row["key"]].pk, started_on__isnull=False).update(
            started_on=_day(money, first)
        )
