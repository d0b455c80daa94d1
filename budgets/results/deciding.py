"""What every fitting rule chooses on the ballots that were cast, and how many voters each one serves.

Reads a frozen definition and answers alone, so that the published bundle gives the same. NumPy is loaded
when a rule is applied: in a worker or a command, never in a web process.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import structlog

from budgets.allocation.model import Election, ElectionError
from budgets.allocation.result import Allocation
from budgets.election import ballot_of, elections
from budgets.kinds import RULES_OF, BallotKind, Rule
from budgets.results.hiding import without_small, without_small_counts
from voting.questionnaire.definition import QuestionKind, Questionnaire

log = structlog.get_logger(__name__)

Answers = Iterable[Mapping[str, Any] | None]
_BALLOTS = {
    QuestionKind.KNAPSACK: BallotKind.KNAPSACK,
    QuestionKind.MULTIPLE: BallotKind.APPROVAL,
    QuestionKind.SHARE: BallotKind.SHARE,
    QuestionKind.RANKING: BallotKind.RANKING,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What one rule chooses with one envelope. `result` is plain JSON, ready to be stored."""

    envelope: str
    rule: str
    is_declared: bool
    version: int
    digest: str
    winners: tuple[str, ...]
    cost: Decimal
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """How one rule serves the voters over all envelopes (see `budgets.models.Satisfaction`)."""

    rule: str
    is_declared: bool
    people: int
    blank: int | None
    counts: dict[str, int | None]
    chosen_count: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that is stored when a budget's votes are counted."""

    decided: tuple[Decided, ...]
    served: tuple[Served, ...]

    @property
    def winners(self) -> list[str]:
        """The projects chosen by the declared rule, in the order of envelopes and of choice."""
        return [key for one in self.decided if one.is_declared for key in one.winners]


def decide(questionnaire: Questionnaire, answers: Answers, *, is_confidential: bool) -> Decision:
    """Apply the declared rule, and all others that can read these ballots. One pass over the answers."""
    wishes: Counter[frozenset[str]] = Counter()
    found = elections(questionnaire, _noted(questionnaire, answers, wishes))
    decided = tuple(
        one
        for key, election in found.items()
        for one in _of_envelope(questionnaire, key, election, is_confidential)
    )
    return Decision(decided, tuple(_served(decided, wishes, is_confidential)))


def fitting_rules(questionnaire: Questionnaire) -> tuple[Rule, ...]:
    """The rules that can read the ballots of this definition."""
    kinds = {question.kind for question in questionnaire.questions()}
    return RULES_OF[_BALLOTS[kinds.pop()]] if kinds else ()


def apply(
    rule: str, election: Election, declared: Mapping[str, Any], completion: str = ""
) -> Allocation:
    """What a rule chooses, with ties and seed as they were declared. Raises ElectionError."""
    from budgets.allocation.running import allocate  # noqa: PLC0415 - loads NumPy

    return allocate(
        rule,
        election,
        ties=tuple(declared["ties"]),
        seed=declared.get("seed", ""),
        completion=completion,
    )


def _noted(
    questionnaire: Questionnaire, answers: Answers, wishes: Counter[frozenset[str]]
) -> Iterator[Mapping[str, Any] | None]:
    """The answers as they are; what each of them names is counted on the way."""
    questions = list(questionnaire.questions())
    for given in answers:
        keys: set[str] = set()
        for question in questions:
            if given and (value := given.get(question.key)):
                keys.update(key for key, _points in ballot_of(question, value))
        wishes[frozenset(keys)] += 1
        yield given


def _of_envelope(
    questionnaire: Questionnaire, key: str, election: Election, is_confidential: bool
) -> Iterator[Decided]:
    declared = questionnaire.allocation
    completion = declared.get("completion", "")
    supporters = _supporters(election)

    def row(found: Allocation, is_declared: bool) -> Decided:
        result = found.to_json()
        if is_confidential:
            result = without_small(result, supporters)
        return Decided(
            key,
            found.rule,
            is_declared,
            found.version,
            result["digest"],
            found.winners,
            found.cost,
            result,
        )

    yield row(apply(declared["rule"], election, declared, completion), True)
    for rule in fitting_rules(questionnaire):
        if rule == declared["rule"] and not completion:
            continue
        try:
            yield row(apply(rule, election, declared), False)
        except ElectionError as error:  # a comparison that cannot be made stops no count
            log.warning("rule_not_compared", rule=rule, envelope=key, error=str(error))


def _supporters(election: Election) -> Counter[str]:
    found: Counter[str] = Counter()
    for ballot, people in election.ballots.items():
        for key, _points in ballot:
            found[key] += people
    return found


def _served(
    decided: Iterable[Decided], wishes: Mapping[frozenset[str], int], is_confidential: bool
) -> Iterator[Served]:
    by_rule: dict[tuple[str, bool], list[Decided]] = {}
    for one in decided:
        by_rule.setdefault((one.rule, one.is_declared), []).append(one)
    for (rule, is_declared), rows in by_rule.items():
        winners = {key for one in rows for key in one.winners}
        counts: Counter[int] = Counter()
        for keys, people in wishes.items():
            if keys:
                counts[len(keys & winners)] += people
        blank: int | None = wishes.get(frozenset(), 0)
        shown: dict[str, int | None] = {
            str(n): counts[n] for n in range(max(counts, default=0) + 1)
        }
        if is_confidential:
            shown, blank = without_small_counts(
                {str(n): counts[n] for n in sorted(counts)}, blank or 0
            )
        yield Served(
            rule=rule,
            is_declared=is_declared,
            people=sum(wishes.values()),
            blank=blank,
            counts=shown,
            chosen_count=len(winners),
            cost=sum((one.cost for one in rows), Decimal(0)),
        )
