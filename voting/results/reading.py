"""What a results page reads: stored outcomes, or those so far, and the polls of the same series."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from common.texts import Localized, localized
from common.ui import moments
from voting.models import Outcome, Poll
from voting.results.compute import FREQUENCIES, GROUPS, THRESHOLD, TURNOUT
from voting.results.live import so_far
from voting.results.shown import Shown, shown
from voting.results.shown_groups import Earlier, add_groups
from voting.results.shown_weights import weighted_tables, weights_sentences
from voting.results.weighting import WEIGHTED, WEIGHTS

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Results:
    """Outcomes of a poll. `counted_at` is when; `is_final` False: so far, it still takes ballots."""

    poll: Poll
    outcomes: Mapping[tuple[str, str], Row]
    counted_at: datetime
    is_final: bool

    @property
    def turnout(self) -> Row:
        return self.outcomes["", TURNOUT]

    def questions(self) -> list[Shown]:
        """Every question with its tables in the active language."""
        found = []
        questionnaire = self.poll.questionnaire
        for number, question in enumerate(questionnaire.questions(), 1):
            row = shown(number, question, self.outcomes[question.key, FREQUENCIES])
            if groups := self.outcomes.get((question.key, GROUPS)):
                add_groups(row, groups, questionnaire)
            if weighted := self.outcomes.get((question.key, WEIGHTED)):
                row.weighted = weighted_tables(question, weighted)
            row.tally = self.outcomes.get((question.key, question.method))
            found.append(row)
        return found

    @property
    def weights(self) -> list[str]:
        """How results were weighted, in sentences."""
        return weights_sentences(self.poll.questionnaire, self.outcomes.get(("", WEIGHTS)))

    def threshold(self, question: str) -> Row | None:
        return self.outcomes.get((question, THRESHOLD))


def results_of(poll: Poll) -> Results:
    """The results of a poll whose guard (`may_see_results`) said yes. One query when it is counted."""
    if poll.counted_at is None:
        outcomes, moment = so_far(poll)
        return Results(poll, outcomes, moment, is_final=False)
    rows = Outcome.objects.filter(poll=poll).values_list("question", "method", "result")
    stored = {(question, method): result for question, method, result in rows}
    return Results(poll, stored, poll.counted_at, is_final=True)


def series_of(poll: Poll) -> list[Earlier]:
    """The counted and published polls of its series, oldest first, with their frequencies.

    [] where it stands alone. Two queries for a poll of a series, else none.
    """
    if not poll.series or poll.counted_at is None:
        return []
    polls = list(
        Poll.objects.filter(
            series=poll.series,
            process__organisation=poll.process.organisation_id,
            process__published_at__isnull=False,
            counted_at__isnull=False,
        )
        .select_related("process")
        .defer("process__search", "process__sample", "definition")
        .order_by("closed_at", "pk")
    )
    if len(polls) < 2:
        return []
    rows = Outcome.objects.filter(poll__in=polls, method=FREQUENCIES)
    found: dict[int, dict[str, Row]] = {one.pk: {} for one in polls}
    for poll_id, question, result in rows.values_list("poll_id", "question", "result"):
        found[poll_id][question] = result
    return [Earlier(_dated(one), timezone.localdate(one.closed_at), found[one.pk]) for one in polls]


def _dated(poll: Poll) -> Localized:
    title = localized(poll.process.title)
    return Localized(f"{title.text}, {moments.day(poll.closed_at)}", title.language)  # type: ignore[arg-type]
