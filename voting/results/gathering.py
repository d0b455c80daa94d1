"""Counting what stands on ballots, in one pass and bounded memory.

A ballot becomes marks (question, part, value); the counters of everybody, of its channel and of its
groups are raised by them. Memory grows with what can be answered, not with how many answer. `part`
is "" or the item of a matrix, the option of a score or of grades.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from voting.questionnaire.conditions import is_shown
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.results.bins import age_group
from voting.tally.model import Preference, approval, marks, strict

Mark = tuple[str, str, str | int]
Answers = Mapping[str, Mapping[str, Any]]

ASKED = "asked"
ANSWERED = "answered"
# The part under which a question counts whom it was asked and who answered.
ABOUT = "#"
# The group of those who did not say.
NOT_SAID = ""
CHANNEL = "channel"
# Different numbers or dates of one question that are told apart by group; beyond, only for all.
MOST_VALUES = 1000


@dataclass(slots=True)
class Gathered:
    """What a box holds. `counts` of everybody; `groups` is {channel or question: {group: counts}}.

    `contests` is {question: distinct ballots}, `areas` {question: {area slug: counts of yes and no}}.
    """

    questionnaire: Questionnaire
    ballots: int = 0
    counts: Counter[Mark] = field(default_factory=Counter)
    groups: dict[str, dict[str, Counter[Mark]]] = field(default_factory=dict)
    contests: dict[str, Counter[Preference]] = field(default_factory=dict)
    areas: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)

    def count(self, question: str, part: str, value: str | int) -> int:
        return self.counts[question, part, value]

    def values(self, question: str, part: str = "") -> dict[str | int, int]:
        """{value: how often} of one question and part, for everybody."""
        return _values(self.counts, question, part)

    def values_by_group(
        self, grouping: str, question: str, part: str = ""
    ) -> dict[str, dict[str | int, int]]:
        """The same for each group of a grouping."""
        return {
            group: _values(counts, question, part)
            for group, counts in self.groups.get(grouping, {}).items()
        }

    def answered_by_group(self, grouping: str, question: str) -> dict[str, int]:
        return {
            group: counts[question, ABOUT, ANSWERED]
            for group, counts in self.groups.get(grouping, {}).items()
        }


def _values(counts: Counter[Mark], question: str, part: str) -> dict[str | int, int]:
    return {v: number for (q, p, v), number in counts.items() if q == question and p == part}


def gather(
    questionnaire: Questionnaire, ballots: Iterable[tuple[Answers, str, str | None]]
) -> Gathered:
    """Count `ballots`: (answers, channel, slug of an area or None) each."""
    found = Gathered(questionnaire)
    questions = tuple(questionnaire.questions())
    groupings = tuple(q for q in questions if is_grouping(q))
    found.contests = {q.key: Counter() for q in questions if q.method}
    found.groups = {CHANNEL: {}, **{question.key: {} for question in groupings}}
    different: dict[str, set[str | int]] = {}
    for answers, channel, area in ballots:
        found.ballots += 1
        shown = asked_of(questionnaire, questions, answers)
        found.counts.update((question.key, ABOUT, ASKED) for question in shown)
        given = [(q, answers[q.key]) for q in shown if q.key in answers]
        everything, grouped = _marks_of(given, different)
        found.counts.update(everything)
        _group(found, CHANNEL, channel, grouped)
        for question in groupings:
            _group(found, question.key, group_of(question, answers.get(question.key)), grouped)
        for question, value in given:
            if question.method:
                found.contests[question.key][preference(question, value)] += 1
            if area is not None and question.kind is QuestionKind.YES_NO:
                places = found.areas.setdefault(question.key, {})
                places.setdefault(area, Counter())[value["option"]] += 1
    return found


def asked_of(
    questionnaire: Questionnaire, questions: tuple[Question, ...], answers: Answers
) -> list[Question]:
    """What was asked of whoever gave these answers; of one page only where one page is chosen."""
    if questionnaire.one_page:
        page = questionnaire.page_answered(answers)
        questions = page.questions if page is not None else ()
    return [question for question in questions if is_shown(question, answers)]


def _marks_of(
    given: Iterable[tuple[Question, Mapping[str, Any]]], different: dict[str, set[str | int]]
) -> tuple[list[Mark], list[Mark]]:
    """The marks of a ballot, and those of them that groups are told apart by."""
    everything: list[Mark] = []
    grouped: list[Mark] = []
    for question, value in given:
        made = [(question.key, ABOUT, ANSWERED), *marks_of(question, value)]
        everything += made
        if question.kind in (QuestionKind.NUMBER, QuestionKind.DATE):
            seen = different.setdefault(question.key, set())
            seen.add(made[-1][2])
            if len(seen) > MOST_VALUES:
                made = made[:1]
        grouped += made
    return everything, grouped


def _group(found: Gathered, grouping: str, group: str, made: list[Mark]) -> None:
    groups = found.groups[grouping]
    counts = groups.get(group)
    if counts is None:
        counts = groups[group] = Counter()
    counts.update(made)


def marks_of(question: Question, value: Mapping[str, Any]) -> Iterator[Mark]:
    """What one answer raises: a mark for each value that it holds."""
    key = question.key
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.YES_NO:
            yield key, "", value["option"]
        case QuestionKind.MULTIPLE | QuestionKind.KNAPSACK:
            for option in value["options"]:
                yield key, "", option
        case QuestionKind.SCALE:
            yield key, "", value["point"]
        case QuestionKind.RANKING:
            yield key, "", value["ranking"][0]
        case QuestionKind.SCORE | QuestionKind.GRADES | QuestionKind.MATRIX | QuestionKind.SHARE:
            for part, given in next(iter(value.values())).items():
                yield key, part, given
        case QuestionKind.NUMBER:
            yield key, "", value["number"]
        case QuestionKind.DATE:
            yield key, "", value["date"]


def is_grouping(question: Question) -> bool:
    """Whether results are told apart by this question: it asks who somebody is. Of numbers, only ages."""
    if question.kind is QuestionKind.NUMBER:
        return question.demographic == "age"
    kinds = {QuestionKind.SINGLE, QuestionKind.YES_NO, QuestionKind.SCALE}
    return bool(question.demographic) and question.kind in kinds


def group_of(question: Question, value: Mapping[str, Any] | None) -> str:
    """The group that an answer puts somebody in; NOT_SAID without one."""
    if not value:
        return NOT_SAID
    if question.kind is QuestionKind.NUMBER:
        return age_group(int(Decimal(value["number"])))
    return str(value.get("option", value.get("point", NOT_SAID)))


def preference(question: Question, value: Mapping[str, Any]) -> Preference:
    """An answer as a ballot of `voting.tally`. An abstention is a ballot that prefers nobody."""
    match question.kind:
        case QuestionKind.YES_NO:
            return () if value["option"] == "abstain" else strict(value["option"])
        case QuestionKind.SINGLE:
            return strict(value["option"])
        case QuestionKind.MULTIPLE:
            return approval(value["options"])
        case QuestionKind.RANKING:
            return strict(*value["ranking"])
        case QuestionKind.SCORE:
            return marks(value["scores"])
        case QuestionKind.GRADES:
            return marks(value["grades"])
    raise ValueError(f"{question.kind} is not tallied")
