"""Who stands at the ballot box: a person with an account, the holder of a pass, of a code, or of a
line on a paper roll. Each has one key in a poll, whatever the channel."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.kinds import VerificationLevel
from accounts.models import User
from common.verdicts import YES, Refused, Verdict, no
from voting.kinds import Channel, Eligibility, ThresholdBase
from voting.models import Booth, Invitation, Poll
from voting.permissions import is_eligible
from voting.secrecy.receipts import normalise

PASS_SALT = "voting.pass"  # noqa: S105 - a name, not a secret
NO_REGISTER = no(
    "no_register", _("In this vote only accounts or invitation codes say who may vote."), 409
)
CODE_UNKNOWN = no("code_unknown", _("This code is not known here, or it was used up."), 403)


@dataclass(frozen=True, slots=True)
class Voter:
    """`key` is unique in a poll. `verdict` says whether this voter may answer it."""

    key: str
    verdict: Verdict
    user: User | None = None
    channel: str = Channel.WEB
    booth: Booth | None = None
    area_id: int | None = None


def person(user: Any, poll: Poll) -> Voter:
    """Somebody with an account, or nobody (whose verdict is no). One query at most."""
    verdict = is_eligible(user, poll)
    if not isinstance(user, User):
        return Voter("", verdict)
    return Voter(f"user:{user.pk}", verdict, user, area_id=stratum(user, poll))


def holder_of_pass(token: str, poll: Poll) -> Voter | None:
    """Whoever holds a pass of this poll (see voting.passes), or None if it is not one. No query."""
    if poll.eligibility != Eligibility.ANYONE:
        return None
    try:
        value = signing.loads(token, salt=PASS_SALT)
    except signing.BadSignature:
        return None
    if not isinstance(value, list) or len(value) != 2 or value[0] != poll.pk:
        return None
    digest = hashlib.sha256(f"{value[0]}:{value[1]}".encode()).hexdigest()
    return Voter(f"pass:{digest}", Verdict(True, "ok", "", 200))


def make_pass(poll: Poll, random: str) -> str:
    """A signed pass. `random` is a number drawn for it, of at least 128 bits."""
    return signing.dumps([poll.pk, random], salt=PASS_SALT)


def code_digest(code: str) -> str:
    """What is kept of an invitation code. Raises ValueError for what is not a code."""
    return hashlib.sha256(f"kenes invitation 1\n{normalise(code)}".encode()).hexdigest()


def holder_of_code(code: str, poll: Poll) -> Voter:
    """Whoever holds an invitation. Raises Refused for an unknown or revoked code. One query."""
    try:
        digest = code_digest(code)
    except ValueError:
        raise Refused(CODE_UNKNOWN) from None
    found = Invitation.objects.filter(poll=poll, digest=digest, revoked_at__isnull=True).first()
    if found is None or poll.eligibility != Eligibility.INVITED:
        raise Refused(CODE_UNKNOWN)
    return Voter(f"code:{found.pk}", Verdict(True, "ok", "", 200))


def holder_of_number(number: str, poll: Poll) -> Voter:
    """Whoever stands under a number on a paper register, checked by an officer. Of the number only a
    digest is kept, salted with the site's secret. Raises Refused. No query.

    For people without an account: where only an account or a code says who may vote, there is none.
    """
    if poll.eligibility in (Eligibility.INVITED, Eligibility.GROUP):
        raise Refused(NO_REGISTER)
    plain = "".join(number.split()).upper()
    if not plain:
        raise Refused(no("number_missing", _("Give the number in the register."), 400))
    digest = salted_hmac("voting.roll", f"{poll.pk}\n{plain}", algorithm="sha256").hexdigest()
    return Voter(f"roll:{digest}", YES)


def stratum(user: User, poll: Poll) -> int | None:
    """The area by which the person's vote counts where a threshold counts by area: the part of
    the poll's area (or of the whole tree) in which the residence lies. Costs no query."""
    if poll.threshold_base != ThresholdBase.AREAS:
        return None
    residence = user.verified_areas.get(VerificationLevel.RESIDENCE, "")
    above = poll.area.path if poll.area else ""
    if not residence.startswith(above):
        return None
    below = residence[len(above) :].split(".")[0] or above.rstrip(".").split(".")[-1]
    return int(below) if below else None
