"""A budget's own page, and its news."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgets.about import facts_of
from budgets.models import Budget
from budgets.reading import WITH_ABOUT, Pot, counts_of, latest_of
from budgets.results.rules import rule_name, rule_paragraph, rule_path
from budgets.views.frame import BudgetFrame, frame_of, steps
from common.html import trusted
from common.pages import public_page
from common.texts import localized
from common.ui import charts
from common.ui.money import money
from processes.feeds import ProcessFeed, activity_of
from processes.kinds import Activity
from processes.models import Process


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do now. `href` "" where there is only a sentence; `links` are quieter ways."""

    sentence: str
    text: str = ""
    href: str = ""
    links: tuple[tuple[str, str], ...] = ()


@require_safe
@public_page(seconds=15)
def budget(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is about, how much money there is, where it stands, the one thing to do. Three queries."""
    frame = frame_of(request.user, slug, "overview", reads=WITH_ABOUT)
    row = frame.budget
    about, counts = localized(row.about_html), counts_of(row.pk)
    context = {
        "frame": frame,
        "about_html": trusted(about.text),
        "about_language": about.language,
        "steps": steps(frame.timetable),
        "now": frame.timetable.now,
        "action": action_of(frame),
        "figures": _figures(frame.process, counts),
        "latest": latest_of(row.pk),
        "amount": frame.amount,
        "money_drawing": _drawn(frame.pots, row) if len(frame.pots) > 1 else "",
        "facts": facts_of(row),
        "rule_name": rule_name(row.rule),
        "rule_paragraph": rule_paragraph(row.rule),
        "rule_href": f"/{get_language()}{rule_path(row.rule)}",
    }
    return render(request, "budgets/budget.html", context)


def _drawn(pots: list[Pot], budget: Budget) -> Any:
    """The envelopes as bars, the largest as long as the page allows."""
    largest = max(pot.amount for pot in pots)
    return charts.bars(
        charts.Bar(
            pot.title, float(pot.amount / largest), None, None, money(pot.amount, budget.currency)
        )
        for pot in pots
    )


def _figures(process: Process, counts: dict[str, int]) -> list[tuple[int, str]]:
    projects, signatures = counts.get("projects", 0), counts.get("signatures") or 0
    people, said = process.participant_count, process.contribution_count
    found = [
        (projects, ngettext("project", "projects", projects)),
        (people, ngettext("person takes part", "people take part", people)),
        (said, ngettext("contribution", "contributions", said)),
    ]
    if signatures:
        found.append((signatures, ngettext("co-signature", "co-signatures", signatures)))
    return found


def action_of(frame: BudgetFrame) -> Action:
    """What a budget offers now, the same for everybody who reads it."""
    poll, table = frame.budget.poll, frame.timetable
    see = (_("See the projects"), frame.projects_href)
    process = frame.process
    if process.published_at is None:
        return Action(_("This is not published yet."))
    if frame.is_counted:
        return _counted(frame)
    if process.closed_at is not None and process.closed_at <= table.now:
        return Action(_("This ended before anything was chosen."), links=(see,))
    if poll.opened_at is not None and (poll.closed_at or not table.open_for(Activity.VOTE)):
        return Action(_("Voting has ended. The votes are being counted."), links=(see,))
    if poll.opened_at is not None:
        sentence = _("Voting is open. You decide what the money is spent on.")
        return Action(
            sentence, pgettext("what a button does", "Vote"), f"{frame.poll_href}answer/", (see,)
        )
    return _before_voting(frame, see)


def _before_voting(frame: BudgetFrame, see: tuple[str, str]) -> Action:
    table = frame.timetable
    if table.open_for(Activity.PROJECT):
        sentence = _("Projects can be proposed now. What should the money be spent on?")
        return Action(sentence, _("Propose a project"), f"{frame.href}propose/", (see,))
    if table.open_for(Activity.COSIGN) and frame.budget.cosigners_needed:
        sentence = _("Projects look for co-signers. Those that find enough are assessed.")
        href = f"{frame.projects_href}?stage=cosigning"
        return Action(sentence, _("Sign projects"), href, (see,))
    if table.open_for(Activity.ASSESS):
        sentence = _("Officials work out which projects can be done, and what they cost.")
        return Action(sentence, *see)
    if table.open_for(Activity.VOTE):
        return Action(_("Voting opens in a moment."), *see)
    if table.next_opening(Activity.PROJECT) is not None:
        return Action(_("Projects cannot be proposed yet. The line below says when."))
    return Action(_("Read the projects and say what you think of them."), *see)


def _counted(frame: BudgetFrame) -> Action:
    results = (_("See the results"), f"{frame.href}results/")
    links = []
    if frame.budget.poll.is_secret:
        links.append((_("Find your ballot"), f"{frame.poll_href}receipt/"))
    if frame.timetable.open_for(Activity.BUILD):
        sentence = _("The votes are counted. What was chosen is being carried out.")
        building = (_("Follow the work"), f"{frame.href}building/")
        return Action(sentence, *building, links=(results, *links))
    return Action(_("The votes are counted, and projects are chosen."), *results, tuple(links))


@require_safe
@public_page(seconds=30, parameters=("cursor",))
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """What happened here, newest first. Two queries."""
    frame = frame_of(request.user, slug, "activity")
    return render(request, "budgets/activity.html", activity_of(request, frame))


_feed = ProcessFeed(lambda user, slug: frame_of(user, slug, "activity"))


@require_safe
@public_page(seconds=60)
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The budget's news as Atom."""
    return _feed(request, slug=slug)
