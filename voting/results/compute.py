"""Counts a closed poll: from its ballots to the outcomes that pages read.

Runs in a task, never in a request: SciPy is loaded for the intervals of means and for chi-square.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from voting.kinds import Channel, Secrecy
from voting.models import Outcome, Poll
from voting.questionnaire.definition import Question, QuestionKind
from voting.results.ballots import Reading
from voting.results.frequencies import frequencies
from voting.results.gathering import Gathered, gather
from voting.results.groups import by_group
from voting.results.hiding import Confidential, Open
from voting.results.tallies import (
    has_small_figures,
    reached,
    tally,
    threshold,
    without_figures,
    without_votes,
)
from voting.results.weighting import WEIGHTED, WEIGHTS, weigh, weighted_rows
from voting.tally import thresholds

TURNOUT, FREQUENCIES, GROUPS, THRESHOLD = "turnout", "frequencies", "groups", "threshold"
VERSION = 1

Row = dict[str, Any]


def count_poll(poll: Poll) -> list[Outcome]:
    """Count every valid ballot of a closed poll once and store the outcomes.

    The caller holds a transaction and the poll's row, and sets `counted_at`. Memory does not grow
    with the number of ballots; five queries, and two more where answers are weighted to margins.
    """
    reading = Reading(poll)
    found = gather(poll.questionnaire, reading)
    outcomes = [
        Outcome(
            poll=poll,
            question=question,
            method=method,
            version=result.pop("_version", VERSION),
            input_digest=result.pop("_digest", reading.digest),
            result=result,
        )
        for question, method, result in results(poll, found)
    ]
    return Outcome.objects.bulk_create(outcomes)


def results(poll: Poll, found: Gathered) -> Iterator[tuple[str, str, Row]]:
    """(question, method, result) of everything that is counted; the poll itself is question ""."""
    hiding = hiding_of(poll)
    yield "", TURNOUT, turnout(poll, found, hiding)
    weighted = None
    if poll.margins:
        said, weighted = weigh(poll)
        yield "", WEIGHTS, said
    for question in poll.questionnaire.questions():
        plain = frequencies(question, found, hiding, intervals=True)
        yield question.key, FREQUENCIES, plain
        if weighted and (rows := weighted_rows(question, weighted, plain)):
            yield question.key, WEIGHTED, rows
        if groups := by_group(question, found, hiding):
            yield question.key, GROUPS, {"by": groups}
        if question.method:
            yield question.key, question.method, _tally(question, found, hiding, plain)
        if question.kind is QuestionKind.YES_NO and poll.threshold is not None:
            yield question.key, THRESHOLD, _threshold(poll, question, found, hiding)


def hiding_of(poll: Poll) -> Open:
    return Confidential() if poll.secrecy == Secrecy.CONFIDENTIAL else Open()


def turnout(poll: Poll, found: Gathered, hiding: Open) -> Row:
    """How many may vote, did, and by which channel; how many ballots are void. Two queries."""
    voted = poll.turnout.filter(withdrawn_at__isnull=True).values("channel").order_by("channel")
    by_channel = {row["channel"]: row["number"] for row in voted.annotate(number=Count("pk"))}
    voters = sum(by_channel.values())
    channels = {channel: by_channel.get(channel, 0) for channel in Channel.values}
    used: dict[str | int, int] = {name: number for name, number in channels.items() if number}
    hidden = hiding.of_total(used)
    return {
        "eligible": poll.eligible_count,
        "voters": voters,
        "ballots": found.ballots,
        "void": poll.ballots.count() - found.ballots,
        "channels": [
            {"key": str(name), "count": None, "suppressed": True}
            if name in hidden
            else {"key": str(name), "count": number}
            for name, number in used.items()
        ],
        "quorum": _quorum(poll, voters),
    }


def _quorum(poll: Poll, voters: int) -> Row | None:
    if poll.quorum is None:
        return None
    if poll.eligible_count is None:
        return {"share": str(poll.quorum), "is_reached": None}
    return reached(thresholds.quorum(voters, poll.eligible_count, poll.quorum))


def _tally(question: Question, found: Gathered, hiding: Open, plain: Row) -> Row:
    """The count by a method. Where frequencies (`plain`) hide a cell, a tally would tell it."""
    counted = tally(question, found)
    result = counted.to_json()
    result["_version"] = counted.version
    if not hiding.is_hiding:
        result["_digest"] = counted.digest
        return result
    tables = [plain, *plain.get("parts", ())]
    hides = any("suppressed" in row for table in tables for row in table.get("rows", ()))
    if hides or has_small_figures(result):
        return without_figures(result)
    return {**result, "digest": "", "lot": []}


def _threshold(poll: Poll, question: Question, found: Gathered, hiding: Open) -> Row:
    result = threshold(poll, question, found)
    if not hiding.is_hiding:
        return result
    votes: dict[str | int, int] = {
        key: found.values(question.key).get(key, 0) for key in question.option_keys()
    }
    return without_votes(result, is_small=bool(hiding.of_total(votes)))
