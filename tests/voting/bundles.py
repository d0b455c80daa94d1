"""Recount bundles from plain data, as the site would publish them, without a site.

`write(path, lines)` after `lines = build(questions, votes)`; a test may change a line in between.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from voting.questionnaire.definition import Page, Question, Questionnaire, canonical
from voting.results import compute
from voting.results.frequencies import frequencies
from voting.results.gathering import gather
from voting.results.groups import by_group
from voting.results.hiding import Open
from voting.results.tallies import reached, tally, threshold
from voting.secrecy.receipts import mark_of
from voting.secrecy.tree import leaf_data, leaf_hash, root_of
from voting.tally import thresholds

POLL = 7
Line = dict[str, Any]


@dataclass(frozen=True)
class Vote:
    """One ballot. `name` stands for its receipt code, `replaces` for the code of another one."""

    name: str
    answers: Mapping[str, Any] | None
    replaces: str = ""
    channel: str = "web"
    area: str | None = None


def mark(name: str) -> str:
    return mark_of(POLL, name)


def build(questions: Sequence[Question], votes: Iterable[Vote], **rules: Any) -> list[Line]:
    """The header and the ballots of a secret poll with these questions on one page."""
    pages = (Page("p1", {"en": "Page"}, {}, tuple(questions)),)
    return build_of(Questionnaire(pages), votes, **rules)


def build_of(questionnaire: Questionnaire, votes: Iterable[Vote], **rules: Any) -> list[Line]:
    """The same of a whole questionnaire."""
    rules = {
        "quorum": None,
        "threshold": None,
        "threshold_base": "cast",
        "eligible_count": None,
        **rules,
    }
    ballots = sorted((_ballot(vote) for vote in votes), key=lambda line: line["mark"])
    replaced = {line["replaces"] for line in ballots}
    valid = [
        line for line in ballots if line["mark"] not in replaced and line["answers"] is not None
    ]
    turnout = Counter(line["channel"] for line in valid)
    header = {
        "kenes": "bundle",
        "version": 1,
        "poll": POLL,
        "slug": "tram",
        "title": {"en": "The tram"},
        "definition": questionnaire.to_json(),
        "definition_digest": questionnaire.digest,
        "secrecy": "secret",
        "rules": rules,
        "turnout": dict(turnout),
        "size": len(ballots),
        "root": root_of(bytes.fromhex(line["leaf"]) for line in ballots).hex(),
        "outcomes": list(_outcomes(questionnaire, ballots, valid, turnout, rules)),
    }
    return [header, *ballots]


def write(path: Path, lines: Iterable[Line]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return path


def rehash(line: Line) -> None:
    """Give a changed ballot the leaf that it now has."""
    body = {name: value for name, value in line.items() if name != "leaf"}
    line["leaf"] = leaf_hash(body).hex()


def _ballot(vote: Vote) -> Line:
    data = leaf_data(
        mark=mark(vote.name),
        answers=vote.answers,
        replaces=mark(vote.replaces) if vote.replaces else None,
        channel=vote.channel,
        area=vote.area,
    )
    return {**data, "leaf": leaf_hash(data).hex()}


def _outcomes(questionnaire, ballots, valid, turnout, rules):
    """What the site would have counted, by its own functions."""
    hiding = Open()
    found = gather(questionnaire, [(b["answers"], b["channel"], b.get("area")) for b in valid])
    everything = hashlib.sha256()
    for line in valid:
        part = {name: line[name] for name in ("answers", "channel", "mark")}
        everything.update(canonical(part) + b"\n")
    digest = everything.hexdigest()
    voters = sum(turnout.values())
    quorum = None
    if rules["quorum"] is not None:
        share = Decimal(rules["quorum"])
        quorum = reached(thresholds.quorum(voters, rules["eligible_count"], share))
    yield _outcome(
        "",
        compute.TURNOUT,
        digest,
        {
            "eligible": rules["eligible_count"],
            "voters": voters,
            "ballots": len(valid),
            "void": len(ballots) - len(valid),
            "channels": [
                {"key": channel, "count": turnout[channel]}
                for channel in ("web", "paper", "telephone")
                if turnout[channel]
            ],
            "quorum": quorum,
        },
    )
    for question in questionnaire.questions():
        key = question.key
        result = frequencies(question, found, hiding, intervals=True)
        yield _outcome(key, compute.FREQUENCIES, digest, result)
        if groups := by_group(question, found, hiding):
            yield _outcome(key, compute.GROUPS, digest, {"by": groups})
        if question.method:
            counted = tally(question, found)
            yield _outcome(key, question.method, counted.digest, counted.to_json())
        if question.kind == "yes_no" and rules["threshold"] is not None:
            poll = SimpleNamespace(
                threshold=Decimal(rules["threshold"]),
                threshold_base=rules["threshold_base"],
                eligible_count=rules["eligible_count"],
            )
            yield _outcome(key, compute.THRESHOLD, digest, threshold(poll, question, found))


def _outcome(question: str, method: str, digest: str, result: Line) -> Line:
    return {
        "question": question,
        "method": method,
        "version": 1,
        "input_digest": digest,
        "result": json.loads(json.dumps(result)),
    }
