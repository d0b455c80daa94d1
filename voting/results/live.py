"""Results so far of a poll that is declared to be live, and still takes ballots."""

from typing import Any

from django.core.cache import cache
from django.utils import timezone

from voting.models import Poll
from voting.results.ballots import Reading
from voting.results.compute import FREQUENCIES, TURNOUT, hiding_of, turnout
from voting.results.frequencies import frequencies
from voting.results.gathering import gather
from voting.statistics.suppression import LEAST

FRESH = 30  # seconds for which a count serves everybody
KEPT = 7 * 24 * 3600  # seconds for which an older one may serve
CLAIM = 60  # seconds after which a process that went to count is given up
# Counting takes at most this share of the time of one process, however many ballots there are.
SHARE_OF_TIME = 0.05

Outcomes = dict[tuple[str, str], dict[str, Any]]


def so_far(poll: Poll) -> tuple[Outcomes, Any]:
    """({(question, method): result}, moment of the count). The caller has asked the guard.

    Turnout and frequencies only; cross-tables, tests and counts by a method come with the end. No
    query when a fresh count is known; else four, and one pass over the ballots.
    """
    key = f"voting:so-far:{poll.pk}"
    known = cache.get(key)
    if known and (_is_fresh(known, poll) or not cache.add(f"{key}:claim", 1, CLAIM)):
        return known["outcomes"], known["counted_at"]
    began = timezone.now()
    outcomes = _count(poll)
    took = (timezone.now() - began).total_seconds()
    known = {
        "outcomes": outcomes,
        "counted_at": began,
        "seconds": max(FRESH, took / SHARE_OF_TIME),
        "turnout": poll.turnout_count,
    }
    cache.set(key, known, KEPT)
    cache.delete(f"{key}:claim")
    return outcomes, began


def _is_fresh(known: dict[str, Any], poll: Poll) -> bool:
    """Whether a count may go on serving.

    In a confidential poll two counts that differ by fewer than five ballots would tell what those
    few answered; it is counted again only when five have come.
    """
    if hiding_of(poll).is_hiding and abs(poll.turnout_count - known["turnout"]) < LEAST:
        return True
    return bool((timezone.now() - known["counted_at"]).total_seconds() < known["seconds"])


def _count(poll: Poll) -> Outcomes:
    hiding = hiding_of(poll)
    found = gather(poll.questionnaire, Reading(poll))
    outcomes: Outcomes = {("", TURNOUT): turnout(poll, found, hiding)}
    for question in poll.questionnaire.questions():
        result = frequencies(question, found, hiding, intervals=False)
        outcomes[question.key, FREQUENCIES] = result
    return outcomes
