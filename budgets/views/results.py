"""What was chosen and why, what other rules would have chosen, files of it all; each rule explained."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgets import exports
from budgets.kinds import Rule, TieRule
from budgets.results import shown, voters
from budgets.results.reading import headline as headline_of
from budgets.results.reading import results_of
from budgets.results.rules import RuleWords, rule_path, rule_words
from budgets.views.frame import BudgetFrame, frame_of
from common.pages import public_page
from common.refusals import refuse
from common.ui import moments
from common.verdicts import Verdict
from processes.kinds import Activity
from voting.models import Poll
from voting.results import headline
from voting.results.guard import may_export_answers, may_see_results

FILES = {
    "projects.csv": (exports.projects_csv, "text/csv; charset=utf-8"),
    "projects.json": (exports.projects_json, "application/json"),
    "results.json": (exports.results_json, "application/json"),
}


KEPT = 15  # seconds


@dataclass(frozen=True, slots=True)
class Download:
    """A file and what is in it."""

    href: str
    name: str
    what: str


@require_safe
@public_page(seconds=KEPT)
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """From stored outcomes alone. Seven queries, whatever was chosen by however many people."""
    frame = frame_of(request.user, slug, "results")
    verdict = may_see_results(request.user, frame.budget.poll)
    if not verdict or frame.budget.poll.counted_at is None:
        awaited = {"frame": frame, "refusal": verdict.message, "when": _awaited(frame)}
        return render(request, "budgets/results.html", awaited)
    return render(request, "budgets/results.html", {"frame": frame, "body": _body(request, frame)})


def _body(request: HttpRequest, frame: BudgetFrame) -> str:
    """All that was counted, as HTML. It is the same for everybody who may have the same files, and kept
    for as long as the page of somebody without an account: when letters go out all come at once."""
    may_export = bool(may_export_answers(request.user, frame.budget.poll))
    key = f"budget-results:{frame.budget.pk}:{frame.href}:{may_export}"
    body: str | None = cache.get(key) if settings.STORE_PUBLIC_PAGES else None
    if body is None:
        body = render_to_string("budgets/_results.html", _figures(frame, may_export=may_export))
        if settings.STORE_PUBLIC_PAGES:
            cache.set(key, body, KEPT)
    return body


def _figures(frame: BudgetFrame, *, may_export: bool) -> dict[str, Any]:
    """From stored outcomes alone."""
    found = results_of(frame.budget)
    table, drawing = shown.money_table(found)
    shares = shown.shares(found)
    return {
        "frame": frame,
        "sentence": headline_of(found),
        "served": voters.sentence(found.own),
        "shares": shares,
        "money": table,
        "money_drawing": drawing,
        "satisfaction": voters.satisfaction(found.own) if found.own and found.own.people else None,
        "comparison": voters.comparison(found),
        "turnout": headline.turnout_table(found.turnout),
        "rule": _rule(frame),
        "ties": TieRule(frame.budget.ties).label,
        "downloads": _downloads(frame, shares, may_export=may_export),
        "in_points": found.in_points,
        "has_hidden": any(row.get("is_hidden") for row in found.declared.values()),
    }


def _awaited(frame: BudgetFrame) -> str:
    """When people vote and what comes after, in words of the timetable; "" where nobody said."""
    spans = [span for span in frame.timetable.spans if Activity.VOTE in span.activities]
    if not spans:
        return ""
    words = _(
        "People vote from %(opens)s to %(closes)s. All ballots are counted after that: which projects are "
        "chosen, why, and what other rules would have chosen will stand here."
    )
    opens, closes = spans[0].opens_at, max(span.closes_at for span in spans)
    return words % {"opens": moments.day(opens), "closes": moments.day(closes)}


def _rule(frame: BudgetFrame) -> tuple[RuleWords, str]:
    rule = frame.budget.rule
    language = frame.href.split("/")[1]
    return rule_words(rule), f"/{language}{rule_path(rule)}"


def _downloads(
    frame: BudgetFrame, shares: list[shown.Share], *, may_export: bool
) -> list[Download]:
    """The files that this reader may have."""
    base = f"{frame.href}results/"
    files = [
        Download(f"{base}projects.csv", "CSV", _("every project, with cost, support and stage")),
        Download(f"{base}projects.json", "JSON", _("the same for programs")),
        Download(
            f"{base}results.json", "JSON", _("all that was counted, by every rule, with reasons")
        ),
    ]
    poll = frame.budget.poll
    if may_export:
        what = _("every ballot of “%(envelope)s”, in the format of the Pabulib library")
        files += [
            Download(f"{base}ballots/{row.key}.pb", "PB", what % {"envelope": row.title})
            for row in shares
        ]
    if poll.is_secret:
        bundle = _("every ballot, and all that is needed to count again")
        files.append(Download(f"{frame.poll_href}bundle.jsonl", "JSON Lines", bundle))
    return files


@require_safe
def results_file(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A file with figures; never a single ballot. That of projects is there before the count."""
    if name not in FILES:
        raise Http404
    frame = frame_of(request.user, slug, "results")
    if name == "results.json":
        verdict = may_see_results(request.user, frame.budget.poll)
        if not verdict or frame.budget.poll.counted_at is None:
            return _refused(request, verdict)
    make, content_type = FILES[name]
    made = make(frame.budget)
    return _named(HttpResponse(made, content_type=content_type), f"{slug}-{name}")


@require_safe
def ballots_file(request: HttpRequest, slug: str, envelope: str) -> HttpResponseBase:
    """The ballots of an envelope, where single ballots may be shown to this reader."""
    frame = frame_of(request.user, slug, "results")
    verdict = may_export_answers(request.user, frame.budget.poll)
    if not verdict:
        return _refused(request, verdict)
    frame.budget.poll.definition = _definition(frame)
    try:
        made = exports.pabulib(frame.budget, envelope)
    except KeyError:
        raise Http404 from None
    response = HttpResponse(made, content_type="text/plain; charset=utf-8")
    return _named(response, f"{slug}-{envelope}.pb")


def _definition(frame: BudgetFrame) -> object:
    rows = Poll.objects.filter(pk=frame.budget.poll_id)
    return rows.values_list("definition", flat=True).get()


@require_safe
@public_page(seconds=3600)
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule in plain words. No query."""
    if rule not in Rule.values:
        raise Http404
    others = [(f"../{one.value}/", one.label) for one in Rule if one.value != rule]
    return render(request, "budgets/rule.html", {"rule": rule_words(rule), "others": others})


def _named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refused(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    return refuse(request, verdict.status, verdict.code, verdict.message)
