"""Who is elected, and whether quorum and thresholds were reached, from what was gathered."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from voting.kinds import ThresholdBase
from voting.models import Poll
from voting.questionnaire.definition import Question, QuestionKind
from voting.results.gathering import Gathered
from voting.statistics.suppression import LEAST
from voting.tally import thresholds
from voting.tally.methods import count
from voting.tally.model import Contest, Result
from voting.tally.thresholds import Reached

Row = dict[str, Any]
# That a lot decided who is elected is told even where figures are hidden.
BY_LOT = ("elect", "lot")


def tally(question: Question, found: Gathered) -> Result:
    """The count of one question by its declared method. Ties that stay go by a lot from the ballots."""
    return count(question.method, contest(question, found), seats=question.seats)


def contest(question: Question, found: Gathered) -> Contest:
    """The distinct ballots of one question; abstentions are left out."""
    ballots = {ballot: n for ballot, n in found.contests[question.key].items() if ballot}
    is_yes_no = question.kind is QuestionKind.YES_NO
    candidates = ("yes", "no") if is_yes_no else question.option_keys()
    grades = question.point_keys() if question.kind is QuestionKind.GRADES else ()
    least = question.least if question.kind is QuestionKind.SCORE else 0
    return Contest(candidates, ballots, grades=grades, least=least)


def without_figures(result: Row) -> Row:
    """A result with who was elected and excluded when, and nothing about how many voted how.

    The lot goes too: it is drawn from the ballots, so that whoever tries all ballots could find them.
    """
    kept = [
        {
            **step,
            "tallies": {},
            "transfers": [],
            "notes": [],
            "values": {},
            "table": {},
        }
        for step in result["rounds"]
    ]
    told = [tie for tie in result["ties"] if (tie["purpose"], tie["decided_by"]) == BY_LOT]
    return {
        **result,
        "ballots": None,
        "unusable": None,
        "rounds": kept,
        "ties": told,
        "lot": [],
        "digest": "",
        "suppressed": True,
    }


def has_small_figures(result: Row) -> bool:
    """Whether a number of fewer than five people stands in a count: a tally, a transfer, a pair, a rest."""
    first = result["rounds"][:1]
    at_first = [number for step in first for number in step["tallies"].values()]
    later = [number for step in result["rounds"] for number in _figures(step)]
    return any(_is_below(number, least=0) for number in at_first) or any(
        _is_below(number, least=1) for number in later
    )


def _figures(step: Row) -> Iterator[str]:
    yield from step["tallies"].values()
    yield from (transfer["votes"] for transfer in step["transfers"])
    yield from step["values"].values()
    for columns in step["table"].values():
        yield from columns.values()


def _is_below(text: str, *, least: int) -> bool:
    try:
        return least <= Decimal(text) < LEAST
    except InvalidOperation:
        return False


def threshold(poll: Poll, question: Question, found: Gathered) -> Row:
    """Whether a yes/no question has the declared share. Raises ValueError without a threshold."""
    if poll.threshold is None:
        raise ValueError("no threshold was declared")
    values = found.values(question.key)
    yes, no = values.get("yes", 0), values.get("no", 0)
    base = poll.threshold_base
    if base == ThresholdBase.AREAS:
        places = {
            area: _for_and_against(n) for area, n in found.areas.get(question.key, {}).items()
        }
        double = thresholds.double_majority(places, poll.threshold)
        whole = thresholds.of_cast(yes, no, poll.threshold)
        return {
            "base": base,
            **reached(whole),
            "is_reached": whole.is_reached and double.is_reached,
            "areas_for": list(double.areas_for),
            "areas_against": list(double.areas_against),
            "areas": {area: {"yes": votes[0], "no": votes[1]} for area, votes in places.items()},
        }
    if base == ThresholdBase.ELIGIBLE:
        if poll.eligible_count is None:
            return {"base": base, "is_reached": None, "have": yes, "share": str(poll.threshold)}
        return {
            "base": base,
            **reached(thresholds.of_eligible(yes, poll.eligible_count, poll.threshold)),
        }
    return {"base": base, **reached(thresholds.of_cast(yes, no, poll.threshold))}


def _for_and_against(votes: Mapping[str, int] | Counter[str]) -> tuple[int, int]:
    return votes.get("yes", 0), votes.get("no", 0)


def reached(found: Reached) -> Row:
    return {
        "is_reached": found.is_reached,
        "have": found.have,
        "base_count": found.base,
        "need": found.need,
        "share": str(found.share),
    }


def without_votes(result: Row, *, is_small: bool) -> Row:
    """A threshold as confidential polls show it: areas without their votes; no numbers if small."""
    shown = {name: value for name, value in result.items() if name != "areas"}
    if is_small:
        shown |= {"have": None, "base_count": None, "need": None, "suppressed": True}
    return shown
