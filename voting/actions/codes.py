"""Invitation codes: made in batches, shown once, revoked."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.verdicts import Refused, no, require
from voting.kinds import Eligibility
from voting.models import Invitation, Poll
from voting.permissions import ENDED, may_run_poll
from voting.secrecy.receipts import RANDOM_BYTES, code_from
from voting.voters import code_digest

MOST_AT_ONCE = 10_000
MOST_IN_ALL = 1_000_000


@transaction.atomic
def make_codes(actor: Any, *, poll: Poll, number: int, batch: str = "") -> list[str]:
    """New single-use codes of 26 characters. Nobody can read them again: only SHA-256 is kept.

    `batch` is a name by which they can be told apart and revoked together.
    """
    require(may_run_poll(actor, poll))
    if poll.closed_at is not None:
        raise Refused(ENDED)
    if poll.eligibility != Eligibility.INVITED:
        message = _(
            "Codes are for polls that whoever holds a code may answer. Change the rules first."
        )
        raise Refused(no("not_by_code", message, 409))
    if not 1 <= number <= MOST_AT_ONCE:
        message = _("Make from 1 to %(most)s codes at once.") % {"most": MOST_AT_ONCE}
        raise Refused(no("number_unfit", message, 400))
    if poll.invitations.count() + number > MOST_IN_ALL:
        raise Refused(no("too_many_codes", _("There are too many codes already."), 409))
    codes = [code_from(secrets.token_bytes(RANDOM_BYTES)) for _n in range(number)]
    Invitation.objects.bulk_create(
        (
            Invitation(poll=poll, digest=code_digest(code), batch=batch.strip()[:80])
            for code in codes
        ),
        batch_size=2000,
    )
    return codes


@transaction.atomic
def revoke_codes(actor: Any, *, poll: Poll, batch: str) -> int:
    """Make the codes of a batch useless; ballots cast with them stay. How many."""
    require(may_run_poll(actor, poll))
    rows = poll.invitations.filter(batch=batch, revoked_at__isnull=True)
    return rows.update(revoked_at=Now())
