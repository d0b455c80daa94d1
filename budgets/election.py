"""Ballots of a counted poll as elections of `budgets.allocation`, one for each envelope."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from budgets.allocation.model import Ballot, BallotKind, Election, Project
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire

if TYPE_CHECKING:
    from voting.models import Poll

_KINDS: dict[QuestionKind, BallotKind] = {
    QuestionKind.KNAPSACK: "knapsack",
    QuestionKind.MULTIPLE: "approval",
    QuestionKind.SHARE: "points",
    QuestionKind.RANKING: "ranking",
}


def elections(
    questionnaire: Questionnaire, answers: Iterable[Mapping[str, Any] | None]
) -> dict[str, Election]:
    """{envelope key: election} from a frozen definition and the valid ballots' answers. One pass."""
    questions = list(questionnaire.questions())
    boxes: dict[str, Counter[Ballot]] = {question.key: Counter() for question in questions}
    for given in answers:
        for question in questions:
            if given and (value := given.get(question.key)):
                boxes[question.key][ballot_of(question, value)] += 1
    return {
        question.key: election_of(question, questionnaire.allocation, boxes[question.key])
        for question in questions
    }


def ballot_of(question: Question, value: Mapping[str, Any]) -> Ballot:
    """One answer as a ballot. A ranking of n offered places gives n points to the first, n - 1 to
    the next, where n is how many may be ranked."""
    match question.kind:
        case QuestionKind.KNAPSACK | QuestionKind.MULTIPLE:
            pairs = [(key, 1) for key in value["options"]]
        case QuestionKind.SHARE:
            pairs = list(value["points"].items())
        case QuestionKind.RANKING:
            places = question.most or len(question.options)
            pairs = [(key, places - place) for place, key in enumerate(value["ranking"])]
        case _:
            raise ValueError(f"{question.kind} is not a ballot of a budget")
    return tuple(sorted(pairs))


def election_of(
    question: Question, allocation: Mapping[str, Any], ballots: Mapping[Ballot, int]
) -> Election:
    """The election of one envelope: its projects alone, with the declared side conditions."""
    categories = allocation.get("categories", {})
    offered = set(question.option_keys())
    return Election(
        projects=tuple(
            Project(option.key, Decimal(option.cost), category=categories.get(option.key, ""))
            for option in question.options
        ),
        budget=Decimal(question.budget),
        ballots=ballots,
        kind=_KINDS[question.kind],
        incompatible=tuple(
            frozenset(rivals) & offered
            for rivals in allocation.get("incompatible", [])
            if len(set(rivals) & offered) > 1
        ),
        minimums=allocation.get("minimums", {}),
        threshold=allocation.get("threshold", 0),
    )


def valid_answers(poll: "Poll") -> Iterable[Mapping[str, Any] | None]:
    """The answers of every ballot that counts, in no order. One query through a server-side cursor."""
    rows = poll.ballots.filter(replaced_by__isnull=True, answers__isnull=False)
    return rows.values_list("answers", flat=True).iterator(chunk_size=2000)
