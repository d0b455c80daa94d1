"""The ballots of a published vote, into the box of a poll that is open for them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone

from budgets.allocation.model import Ballot as Choice
from budgets.allocation.model import Election
from budgets.allocation.pabulib import PbError, PbFile
from voting.kinds import Channel
from voting.models import Ballot, Poll, Turnout
from voting.questionnaire.answers import check
from voting.secrecy.receipts import mark_of

BATCH = 5000
Say = Callable[[str], None]


def put_ballots(
    poll: Poll,
    envelope: str,
    file: PbFile,
    election: Election,
    keys: Mapping[str, str],
    say: Say,
) -> int:
    """Put every ballot into the box; each different one is checked once. How many."""
    rows: list[dict[str, Any]] = []
    for ballot, people in election.ballots.items():
        given = _answers(envelope, election, ballot, keys)
        checked = check(poll.questionnaire, given)
        if checked.errors:
            raise PbError(f"a ballot does not keep to the rules of the file: {checked.errors}")
        rows += [checked.answers] * people
    stem = f"{poll.pk}:{file.value('description')}"
    _put_in(poll, stem, rows, say)
    Poll.objects.filter(pk=poll.pk).update(turnout_count=len(rows))
    return len(rows)


def _answers(
    envelope: str, election: Election, ballot: Choice, keys: Mapping[str, str]
) -> dict[str, Any]:
    if not ballot:
        return {}
    if election.kind == "points":
        return {envelope: {"points": {keys[key]: points for key, points in ballot}}}
    if election.kind == "ranking":
        order = sorted(ballot, key=lambda pair: -pair[1])
        return {envelope: {"ranking": [keys[key] for key, _points in order]}}
    return {envelope: {"options": [keys[key] for key, _points in ballot]}}


def _put_in(poll: Poll, stem: str, answers: Iterable[Mapping[str, Any]], say: Say) -> None:
    voters, ballots = [], []
    day = timezone.localdate()
    for number, given in enumerate(answers, 1):
        voter = hashlib.sha256(f"{stem}:{number}".encode()).hexdigest()
        voters.append(Turnout(poll=poll, voter=f"roll:{voter}", channel=Channel.WEB, voted_on=day))
        mark = mark_of(poll.pk, voter)
        ballots.append(Ballot(poll=poll, secrecy=poll.secrecy, mark=mark, answers=dict(given)))
    for start in range(0, len(voters), BATCH):
        Turnout.objects.bulk_create(voters[start : start + BATCH])
        Ballot.objects.bulk_create(ballots[start : start + BATCH])
        say(f"{min(start + BATCH, len(voters))} of {len(voters)} ballots")
