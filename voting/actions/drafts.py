"""Answers that were not sent yet, kept for whoever gave them. Never in a secret poll."""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Now

from common.verdicts import Refused, no, require
from voting.models import Ballot, Draft, Poll, Turnout
from voting.permissions import is_voting_open
from voting.voters import Voter

NEVER_KEPT = no("never_kept", "A secret poll keeps nothing before the ballot is cast.", 409)


def save_draft(voter: Voter, *, poll: Poll, answers: Mapping[str, Any]) -> None:
    """Keep these answers, checked before, as what the voter has given so far. One query.

    Raises Refused when voting is over, for a voter who may not answer, and in every secret poll.
    """
    if poll.is_secret:
        raise Refused(NEVER_KEPT)
    require(is_voting_open(poll))
    require(voter.verdict)
    user = voter.user.pk if voter.user else None
    row = Draft(poll=poll, voter=voter.key, user_id=user, answers=dict(answers), saved_at=Now())
    Draft.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["poll", "voter"],
        update_fields=["answers", "saved_at"],
    )


def drafted(voter: Voter, poll: Poll) -> dict[str, Any] | None:
    """What the voter began, or None. One query."""
    found = Draft.objects.filter(poll=poll.pk, voter=voter.key).values_list("answers", flat=True)
    answers: dict[str, Any] | None = found.first()
    return answers


def answered(turnout: Turnout) -> dict[str, Any]:
    """What the voter sent last, in a poll that is not secret; {} after withdrawing. One query."""
    rows = Ballot.objects.filter(turnout=turnout, replaced_by__isnull=True)
    answers: dict[str, Any] | None = rows.values_list("answers", flat=True).first()
    return answers or {}
