"""The ballot box: a ballot is cast, changed or withdrawn. Other apps use these doors too."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from common.verdicts import YES, Refused, no, require
from voting.actions.quotas import claim_quotas, release_quotas
from voting.actions.stages import open_poll_if_due
from voting.kinds import Channel
from voting.models import Ballot, Booth, Poll, Turnout
from voting.permissions import ENDED, is_voting_open
from voting.questionnaire.answers import check
from voting.questionnaire.problems import Problem
from voting.secrecy.receipts import RANDOM_BYTES, code_from, mark_of, normalise
from voting.voters import Voter

# One statement claims the voter's one place, counts it, deletes the draft, and asks the database's
# clock whether ballots are taken. The UPDATE holds the poll's row until the ballot is in: what a
# closing waits for.
_CLAIM = """
WITH claim AS (
    INSERT INTO voting_turnout
        (id, poll_id, user_id, voter, channel, booth_id, area_id, voted_on)
    VALUES (%(id)s, %(poll)s, %(user)s, %(voter)s, %(channel)s, %(booth)s, %(area)s, %(day)s)
    ON CONFLICT (poll_id, voter) DO NOTHING RETURNING id
), sent AS (
    DELETE FROM voting_draft WHERE poll_id = %(poll)s AND voter = %(voter)s
)
UPDATE voting_poll SET turnout_count = turnout_count + (SELECT count(*) FROM claim)
WHERE id = %(poll)s AND opened_at IS NOT NULL AND closed_at IS NULL
    AND EXISTS (
        SELECT 1 FROM processes_process p
        WHERE p.id = voting_poll.process_id AND p.published_at IS NOT NULL
            AND (p.closed_at IS NULL OR p.closed_at > clock_timestamp())
    )
    AND (opening_policy = 'hand' OR EXISTS (
        SELECT 1 FROM processes_phase f
        WHERE f.process_id = voting_poll.process_id AND 'vote' = ANY (f.activities)
            AND f.opens_at <= clock_timestamp() AND f.closes_at > clock_timestamp()
    ))
RETURNING (SELECT id FROM claim)
"""
VOTED_ALREADY = "voted_already"
RECEIPT_NEEDED = "receipt_needed"


class WrongAnswers(Refused):
    """Answers that the questions do not allow. `problems` is {question key: Problem}."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(no("answers_wrong", _("Some answers need another look."), 400))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter keeps. `is_new` is False when this very ballot had been taken before."""

    code: str
    mark: str
    is_new: bool = True


def new_code() -> str:
    """A receipt code, drawn by chance."""
    return code_from(secrets.token_bytes(RANDOM_BYTES))


def _code(code: str) -> str:
    try:
        return normalise(code)
    except ValueError:
        raise Refused(no("receipt_wrong", _("This is not a receipt code."), 400)) from None


def cast_ballot(
    voter: Voter, *, poll: Poll, answers: Mapping[str, Any], code: str = "", former: str = ""
) -> Receipt:
    """Take a ballot. Sending it again with the same receipt `code` finds it taken and changes nothing.

    Where answers may be changed until the end, the ballot replaces the voter's earlier one; in a
    secret poll, which cannot know it, `former` must be that one's receipt code. Raises Refused,
    or WrongAnswers for answers that the questions do not allow. Three statements in a transaction
    for a new ballot, whatever was cast before: a confirmed address, the claim, the ballot.
    """
    poll = open_poll_if_due(poll)
    require(is_voting_open(poll))
    require(voter.verdict)
    checked = check(poll.questionnaire, answers)
    if checked.errors:
        raise WrongAnswers(checked.errors)
    code = _code(code) if code else new_code()
    former_mark = mark_of(poll.pk, _code(former)) if former else ""
    with transaction.atomic():
        return _put_in(voter, poll, checked.answers, code, former_mark)


def withdraw_ballot(voter: Voter, *, poll: Poll, former: str = "") -> Receipt:
    """Take an answer back while ballots are taken; it counts as never given. What was given stays in
    the box, void. In a secret poll `former` must be its receipt code."""
    require(is_voting_open(poll))
    require(voter.verdict)
    code = new_code()
    former_mark = mark_of(poll.pk, _code(former)) if former else ""
    with transaction.atomic():
        turnout_id = claim(voter, poll)
        if turnout_id is not None:
            raise Refused(no("not_voted", _("You have not answered this."), 409))
        turnout = Turnout.objects.select_for_update().get(poll=poll, voter=voter.key)
        _not_at_a_booth(turnout)
        replaced = _current(poll, turnout, former_mark)
        if replaced.answers is None:
            raise Refused(no("withdrawn_already", _("This answer was withdrawn already."), 409))
        _insert(poll, voter, turnout.pk, None, mark_of(poll.pk, code), replaced)
        release_quotas(poll, replaced.answers)
        Turnout.objects.filter(pk=turnout.pk).update(withdrawn_at=Now())
        Poll.objects.filter(pk=poll.pk).update(turnout_count=F("turnout_count") - 1)
    return Receipt(code, mark_of(poll.pk, code))


def _put_in(
    voter: Voter, poll: Poll, answers: dict[str, Any], code: str, former_mark: str
) -> Receipt:
    mark = mark_of(poll.pk, code)
    turnout_id = claim(voter, poll)
    replaced = None
    if turnout_id is None:
        turnout = Turnout.objects.select_for_update().get(poll=poll, voter=voter.key)
        turnout_id = turnout.pk
        if not retake(turnout, voter):
            _not_at_a_booth(turnout)
            if _is_in(poll, turnout, mark):
                return Receipt(code, mark, is_new=False)
            replaced = _to_replace(poll, turnout, former_mark)
            if replaced.answers is not None:
                release_quotas(poll, replaced.answers)
            else:
                Turnout.objects.filter(pk=turnout.pk).update(withdrawn_at=None)
                Poll.objects.filter(pk=poll.pk).update(turnout_count=F("turnout_count") + 1)
    claim_quotas(poll, answers)
    _insert(poll, voter, turnout_id, answers, mark, replaced)
    return Receipt(code, mark)


def claim(voter: Voter, poll: Poll) -> uuid.UUID | None:
    """The new row of turnout, None if the voter had one. Raises Refused when it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "id": uuid.uuid4(),
                "poll": poll.pk,
                "user": voter.user.pk if voter.user else None,
                "voter": voter.key,
                "channel": voter.channel,
                "booth": voter.booth.pk if voter.booth else None,
                "area": voter.area_id,
                "day": timezone.localdate(),
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused(ENDED)
    found: uuid.UUID | None = row[0]
    return found


def retake(turnout: Turnout, voter: Voter) -> bool:
    """Give the place back to a voter whose check-in at a booth was taken back before a sheet was
    entered. Whether it was. The row must be held; two queries, or none."""
    if turnout.booth_id is None or turnout.withdrawn_at is None:
        return False
    Turnout.objects.filter(pk=turnout.pk).update(
        booth=voter.booth,
        channel=voter.channel,
        area=voter.area_id,
        voted_on=timezone.localdate(),
        withdrawn_at=None,
    )
    Poll.objects.filter(pk=turnout.poll_id).update(turnout_count=F("turnout_count") + 1)
    return True


def take_sheet(booth: Booth, *, answers: Mapping[str, Any], turnout: Turnout | None) -> None:
    """Put the ballot of a sheet into the box, after voting or during it: until the booth is ended
    and before the votes are counted. `answers` are checked ones. The caller holds the booth's row.

    `turnout` is whose sheet it is; None in a secret poll, where no sheet says.
    """
    poll = booth.poll
    if booth.ended_at is not None or poll.counted_at is not None:
        raise Refused(no("booth_ended", _("This booth has been ended."), 409))
    claim_quotas(poll, answers)
    area_id = turnout.area_id if turnout else None
    voter = Voter("", YES, channel=booth.channel, booth=booth, area_id=area_id)
    turnout_id = turnout.pk if turnout else None
    _insert(poll, voter, turnout_id, dict(answers), mark_of(poll.pk, new_code()), None)


def _not_at_a_booth(turnout: Turnout) -> None:
    if turnout.booth_id is not None:
        message = _("You have voted on paper or by telephone already. That vote is final.")
        raise Refused(no(VOTED_ALREADY, message, 409))


def _is_in(poll: Poll, turnout: Turnout, mark: str) -> bool:
    """Whether this very ballot was taken before (its answer was lost on the way)."""
    found = Ballot.objects.filter(poll=poll, mark=mark).first()
    return found is not None and (poll.is_secret or found.turnout_id == turnout.pk)


def _to_replace(poll: Poll, turnout: Turnout, former_mark: str) -> Ballot:
    if poll.is_final:
        raise Refused(no(VOTED_ALREADY, _("You have answered already. An answer is final."), 409))
    return _current(poll, turnout, former_mark)


def _current(poll: Poll, turnout: Turnout, former_mark: str) -> Ballot:
    """The voter's ballot that counts now. Raises Refused."""
    rows = Ballot.objects.filter(poll=poll, replaced_by__isnull=True)
    if not poll.is_secret:
        return rows.get(turnout=turnout)
    if not former_mark:
        message = _("You have voted already. Give the receipt code of that ballot to replace it.")
        raise Refused(no(RECEIPT_NEEDED, message, 409))
    found = rows.filter(mark=former_mark).first()
    if found is None:
        message = _("No ballot that counts has this receipt code. Look at every character.")
        raise Refused(no("receipt_unknown", message, 409))
    return found


def _insert(
    poll: Poll,
    voter: Voter,
    turnout_id: uuid.UUID | None,
    answers: dict[str, Any] | None,
    mark: str,
    replaced: Ballot | None,
) -> None:
    """Put a ballot in. One statement; a secret one has a subtransaction of its own (migration 0004),
    so that it does not even share a transaction number with the row of turnout."""
    channel = voter.channel if voter.channel in Channel.values else Channel.WEB
    if not poll.is_secret:
        Ballot.objects.create(
            poll=poll,
            secrecy=poll.secrecy,
            turnout_id=turnout_id,
            mark=mark,
            answers=answers,
            replaces=replaced,
            channel=channel,
            area_id=voter.area_id,
        )
        return
    values: list[Any] = [
        uuid.uuid4(),
        poll.pk,
        mark,
        None if answers is None else Jsonb(answers),
        replaced.pk if replaced else None,
        str(channel),
        voter.area_id,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT voting_put_secret_ballot(%s, %s, %s, %s, %s, %s, %s)",
            values,
        )
