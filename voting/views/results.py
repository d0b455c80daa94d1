"""The results of a poll, and its files. Nothing here is shown before the guard says yes."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.pages import public_page
from common.refusals import refuse
from common.texts import localized
from common.ui.charts import PATTERN_DEFINITIONS
from common.verdicts import Verdict
from voting.explain import Explained, explain
from voting.results import files, headline, words
from voting.results.guard import may_export_answers, may_see_results
from voting.results.reading import results_of, series_of
from voting.results.shown import Shown
from voting.results.shown_groups import over_time
from voting.views.frame import PollFrame, poll_frame

FILES = {
    "csv": (files.as_csv, "text/csv; charset=utf-8"),
    "json": (files.as_json_bytes, "application/json"),
    "xlsx": (
        files.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file and what is in it."""

    href: str
    name: str
    what: str


@require_safe
@public_page(seconds=15)
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Two queries for a counted poll, two more where it belongs to a series."""
    frame = poll_frame(request.user, slug, "results")
    if frame.is_elsewhere:
        return redirect(frame.results_href)
    verdict = may_see_results(request.user, frame.poll)
    if not verdict:
        return render(request, "voting/results.html", {"frame": frame, "refusal": verdict.message})
    found = results_of(frame.poll)
    questions = found.questions()
    for row in questions:
        row.threshold = headline.threshold_sentence(found.threshold(row.question.key))
        row.chosen = "" if row.threshold else headline.winners_sentence(row)
        row.counted = explained(row)
    context = {
        "frame": frame,
        "results": found,
        "questions": questions,
        "sentence": headline.sentence(found, questions),
        "turnout": headline.turnout_table(found.turnout),
        "over_time": over_time(frame.poll.questionnaire, series_of(frame.poll)),
        "downloads": downloads(frame, request),
        "has_hidden": any(row.has_hidden for row in questions),
        "patterns": PATTERN_DEFINITIONS,
    }
    return render(request, "voting/results.html", context)


def explained(row: Shown) -> Explained | None:
    """How a tallied question was counted, round by round; None where there is no method."""
    if row.tally is None:
        return None
    question = row.question
    labels = {key: words.answer(question, key) for key in question.option_keys()}
    grades = {point.key: localized(point.label) for point in question.points}
    return explain(row.tally, labels, grades)


def downloads(frame: PollFrame, request: HttpRequest) -> list[Download]:
    """The files that this reader may have."""
    base = f"{frame.href}results/"
    found = [
        Download(f"{base}csv", "CSV", _("every figure in one table")),
        Download(f"{base}xlsx", "XLSX", _("the same for spreadsheets")),
        Download(f"{base}json", "JSON", _("all outcomes with the questions, for programs")),
    ]
    if may_export_answers(request.user, frame.poll):
        found += [
            Download(
                f"{base}preflib/{question.key}",
                "PrefLib",
                _("every ranking of “%(question)s”") % {"question": localized(question.title).text},
            )
            for question in frame.poll.questionnaire.questions()
            if question.kind in files.PREFLIB_KINDS
        ]
        if frame.poll.is_secret:
            bundle = _("every ballot, and all that is needed to count again")
            found.append(Download(f"{frame.href}bundle.jsonl", "JSON Lines", bundle))
    return found


@require_safe
def results_file(request: HttpRequest, slug: str, fmt: str) -> HttpResponse:
    """The same figures as a file; never a single answer."""
    if fmt not in FILES:
        raise Http404
    frame = poll_frame(request.user, slug, "results")
    verdict = may_see_results(request.user, frame.poll)
    if not verdict:
        return _refused(request, verdict)
    make, content_type = FILES[fmt]
    response = HttpResponse(make(results_of(frame.poll)), content_type=content_type)
    return _named(response, f"{slug}-results.{fmt}")  # type: ignore[return-value]


@require_safe
def preflib(request: HttpRequest, slug: str, question: str) -> HttpResponseBase:
    """The preferences of everybody, where single answers may be shown to this reader."""
    frame = poll_frame(request.user, slug, "results")
    verdict = may_export_answers(request.user, frame.poll)
    if not verdict:
        return _refused(request, verdict)
    asked = next((one for one in frame.poll.questionnaire.questions() if one.key == question), None)
    if asked is None or asked.kind not in files.PREFLIB_KINDS:
        raise Http404
    name, lines = files.as_preflib(frame.poll, asked)
    return _named(StreamingHttpResponse(lines, content_type="text/plain; charset=utf-8"), name)


def _named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refused(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    return refuse(request, verdict.status, verdict.code, verdict.message)
