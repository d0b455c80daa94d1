"""Files of a budget: all projects, all results, and the ballots of an envelope in Pabulib's format.

Who may have a file with single ballots is decided as for every poll (`voting.results.guard`): everybody
where ballots are secret, for then they are published anyway and nothing joins them to people; the public
body where they are named; nobody where they are confidential. A row of choices is often unlike any other,
so that who knows a few of somebody's choices would find the rest of them.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from budgets.allocation.pabulib import PbFile, Table, write
from budgets.election import ballot_of
from budgets.kinds import Stage
from budgets.models import Allocation, Budget, Project
from common.texts import localized
from voting.kinds import Channel
from voting.models import Ballot, Poll
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.results.files import csv_lines

VOTE_TYPES = {
    QuestionKind.KNAPSACK: "approval",
    QuestionKind.MULTIPLE: "approval",
    QuestionKind.SHARE: "cumulative",
    QuestionKind.RANKING: "ordinal",
}
# The rules' names in the files of Pabulib, where they have one.
RULES = {
    "greedy_by_votes": "greedy",
    "greedy_by_score": "greedy",
    "mes_cost_add1_until_overspend": "equalshares/add1",
    "mes_cost": "equalshares",
}
_VOTING: dict[str, str] = {
    Channel.WEB: "internet",
    Channel.PAPER: "paper",
    Channel.TELEPHONE: "telephone",
}
COLUMNS = (
    "number", "key", "title", "language", "stage", "envelope", "category", "latitude", "longitude",
    "place", "estimate", "cost", "running_cost", "currency", "support", "rank", "spent", "built_on",
    "cosigners", "agree", "mixed", "disagree", "comments", "url",
)  # fmt: skip

Row = dict[str, Any]


def project_rows(budget: Budget, base: str = "") -> Iterator[Row]:
    """Every project of a budget, what was withdrawn too; of hidden ones the number alone. Two queries.

    `support` is in votes or points, null before the count and where it is hidden. `base` is put before
    addresses.
    """
    support = _support(budget)
    rows = Project.objects.filter(budget=budget).select_related("subject", "envelope", "category")
    for project in rows.order_by("number"):
        project.budget = budget
        stage = project.stage
        row: Row = dict.fromkeys(COLUMNS)
        row |= {"number": project.number, "key": project.key, "stage": str(stage)}
        if stage != Stage.HIDDEN:
            row |= _described(project, budget)
            row["support"] = support.get(project.key)
            row["url"] = f"{base}/budgets/{budget.process.slug}/projects/{project.subject_id}/"
        yield row


def _described(project: Project, budget: Budget) -> Row:
    subject = project.subject
    return {
        "title": subject.title,
        "language": subject.language,
        "envelope": project.envelope.key,
        "category": project.category.key if project.category else None,
        "latitude": _text(project.latitude),
        "longitude": _text(project.longitude),
        "place": project.place,
        "estimate": _text(project.estimate),
        "cost": _text(project.cost),
        "running_cost": _text(project.running_cost),
        "currency": budget.currency,
        "rank": project.rank,
        "spent": _text(project.spent),
        "built_on": project.built_on.isoformat() if project.built_on else None,
        "cosigners": project.cosignature_count,
        "agree": subject.agree_count,
        "mixed": subject.mixed_count,
        "disagree": subject.disagree_count,
        "comments": subject.comment_count,
    }


def _support(budget: Budget) -> dict[str, int | None]:
    rows = Allocation.objects.filter(budget=budget, is_declared=True)
    found: dict[str, int | None] = {}
    for support in rows.values_list("result__support", flat=True):
        found |= support
    return found


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def projects_csv(budget: Budget, base: str = "") -> bytes:
    """`project_rows` as CSV; no cell is taken for a formula."""
    lines = ([row[name] for name in COLUMNS] for row in project_rows(budget, base))
    return "".join(csv_lines(COLUMNS, lines)).encode()


def projects_json(budget: Budget, base: str = "") -> bytes:
    """`project_rows` as JSON, money as decimal text."""
    document = {"budget": _budget(budget), "projects": list(project_rows(budget, base))}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def results_json(budget: Budget) -> bytes:
    """What was counted: by every rule, envelope by envelope. Money is decimal text. Three queries."""
    rows = Allocation.objects.filter(budget=budget).select_related("envelope")
    document = {
        "budget": _budget(budget),
        "counted_at": budget.poll.counted_at.isoformat() if budget.poll.counted_at else None,
        "definition_digest": budget.poll.definition_digest,
        "envelopes": [
            {"key": one.key, "title": one.title, "amount": _text(one.amount)}
            for one in budget.envelope_list
        ],
        "allocations": [
            {
                "envelope": row.envelope.key,
                "is_declared": row.is_declared,
                **row.result,
            }
            for row in rows
        ],
        "voters": [
            {
                "rule": one.rule,
                "is_declared": one.is_declared,
                "people": one.people,
                "blank": one.blank,
                "projects_of_theirs": one.counts,
                "chosen": one.chosen_count,
                "cost": _text(one.cost),
            }
            for one in budget.satisfactions.all()
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _budget(budget: Budget) -> Row:
    process = budget.process
    return {
        "slug": process.slug,
        "title": process.title,
        "public_body": process.organisation.name,
        "currency": budget.currency,
        "ballot": budget.ballot,
        "rule": budget.rule,
        "completion": budget.completion,
        "ties": budget.ties.split(","),
        "seed": budget.seed,
        "support_needed": budget.support_needed,
    }


def pabulib(budget: Budget, envelope: str) -> bytes:
    """The ballots of one envelope as a `.pb` file. The caller asked the guard. Three queries.

    Voters are numbered in the order of their marks, which are random. Raises KeyError for an envelope
    that was not voted on.
    """
    poll = budget.poll
    questionnaire = poll.questionnaire
    question = questionnaire.question(envelope)
    votes = _votes(poll, question)
    return write(
        PbFile(
            meta=_meta(budget, questionnaire, question, len(votes.rows)),
            projects=_projects(budget, question, questionnaire),
            votes=votes,
        )
    )


def _meta(budget: Budget, questionnaire: Questionnaire, question: Question, votes: int) -> Table:
    process, declared = budget.process, questionnaire.allocation
    title = localized(process.title)
    pairs: list[tuple[str, str | int | None]] = [
        ("description", f"{title.text}, {localized(question.title).text}"),
        ("unit", localized(process.organisation.name).text),
        ("subunit", localized(question.title).text),
        ("instance", str(_day(budget.poll.opened_at, "%Y"))),
        ("num_projects", len(question.options)),
        ("num_votes", votes),
        ("budget", question.budget),
        ("vote_type", VOTE_TYPES[question.kind]),
        ("rule", RULES.get(declared["rule"], declared["rule"])),
        ("date_begin", _day(budget.poll.opened_at)),
        ("date_end", _day(budget.poll.closed_at)),
        ("min_length", question.least or None),
        ("max_length", _longest(question)),
        ("max_sum_cost", question.budget if question.kind is QuestionKind.KNAPSACK else None),
        ("max_points", question.each),
        ("max_sum_points", question.most if question.kind is QuestionKind.SHARE else None),
        ("min_project_score_threshold", declared.get("threshold") or None),
        ("language", title.language),
        ("currency", question.currency),
        ("kenes_rule", declared["rule"]),
        ("kenes_completion", declared.get("completion") or None),
        ("kenes_ties", ",".join(declared["ties"])),
        ("kenes_seed", declared.get("seed") or None),
        ("kenes_incompatible", _sets(question, declared.get("incompatible", []))),
        ("kenes_minimums", _pairs(declared.get("minimums", {}))),
    ]
    rows = tuple((key, _line(str(value))) for key, value in pairs if value not in (None, ""))
    return Table(("key", "value"), rows)


def _longest(question: Question) -> int | None:
    if question.kind is QuestionKind.RANKING:
        return question.most or len(question.options)
    return question.most if question.kind is QuestionKind.MULTIPLE else None


def _sets(question: Question, rivals: Iterable[Iterable[str]]) -> str:
    offered = set(question.option_keys())
    kept = [sorted(set(one) & offered) for one in rivals]
    return " ".join(",".join(one) for one in kept if len(one) > 1)


def _pairs(minimums: dict[str, int]) -> str:
    return ",".join(f"{name}={number}" for name, number in sorted(minimums.items()))


def _projects(budget: Budget, question: Question, questionnaire: Questionnaire) -> Table:
    rows = Allocation.objects.filter(budget=budget, envelope__key=question.key, is_declared=True)
    result = rows.values_list("result", flat=True).first() or {"support": {}, "winners": []}
    categories = questionnaire.allocation.get("categories", {})
    hidden = {
        f"p{number}"
        for number in Project.objects.filter(
            budget=budget, subject__hidden_at__isnull=False
        ).values_list("number", flat=True)
    }
    found = [
        (
            option.key,
            option.cost,
            str(result["support"].get(option.key) or 0),
            "" if option.key in hidden else _line(localized(option.label).text),
            categories.get(option.key, ""),
            "1" if option.key in result["winners"] else "0",
        )
        for option in question.options
    ]
    support = (
        "votes" if question.kind in (QuestionKind.KNAPSACK, QuestionKind.MULTIPLE) else "score"
    )
    return Table(("project_id", "cost", support, "name", "category", "selected"), tuple(found))


def _votes(poll: Poll, question: Question) -> Table:
    """One row for each ballot that counts and names a project here."""
    rows = Ballot.objects.counted(poll).order_by("mark").values_list("channel", "answers")
    has_points = question.kind is QuestionKind.SHARE
    lines: list[tuple[str, ...]] = []
    for channel, answers in rows.iterator(chunk_size=2000):
        value = (answers or {}).get(question.key)
        if not value:
            continue
        number = len(lines) + 1
        vote, points = _vote(question, value)
        line = (str(number), _VOTING[channel], vote)
        lines.append((*line, points) if has_points else line)
    head = ("voter_id", "voting_method", "vote")
    return Table((*head, "points") if has_points else head, tuple(lines))


def _vote(question: Question, value: Row) -> tuple[str, str]:
    """What a person chose, and the points of each."""
    if question.kind is QuestionKind.RANKING:
        return ",".join(value["ranking"]), ""
    ballot = ballot_of(question, value)
    return ",".join(key for key, _n in ballot), ",".join(str(n) for _key, n in ballot)


def _day(moment: datetime | None, pattern: str = "%d.%m.%Y") -> str:
    return timezone.localtime(moment).strftime(pattern) if moment else ""


def _line(text: str) -> str:
    """A text on one line, as cells of these files have it."""
    return " ".join(text.split())
