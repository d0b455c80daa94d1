"""A pass to answer without an account: a browser works for it, once for each poll.

The work is a search for a number whose derived key begins with certain digits (ALTCHA, proof of
work, version 2). It takes a browser a second or two and the site two milliseconds to check.
"""

import secrets
from datetime import timedelta

from altcha import Payload, create_challenge, verify_solution
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from common.verdicts import Refused, no
from voting.models import Poll
from voting.voters import make_pass

ALGORITHM = "PBKDF2/SHA-256"
COST = 5000  # rounds of one try
PREFIX = "00"  # one try in 256 fits
LIFETIME = timedelta(minutes=20)
LONGEST = 4000  # characters of a solution

NOT_SOLVED = no("pass_not_solved", _("The calculation did not fit. Please try once more."), 400)
USED = no("pass_used", _("This calculation was used already. Please try once more."), 409)


def challenge(poll: Poll) -> dict[str, object]:
    """Work for one browser, signed, for this poll alone. Nothing is stored."""
    made = create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        expires_at=timezone.now() + LIFETIME,
        data={"poll": poll.pk},
        hmac_secret=_secret(poll),
    )
    data: dict[str, object] = made.to_dict()
    return data


def redeem(poll: Poll, solution: str) -> str:
    """A pass for a solved challenge. Each challenge gives one pass, once. Raises Refused.

    While the cache is away, nothing is known of used ones, and people are not kept out for that.
    """
    if len(solution) > LONGEST or not verify_solution(solution, _secret(poll)).verified:
        raise Refused(NOT_SOLVED)
    if not cache.add(f"pass:used:{_name(solution)}", 1, int(LIFETIME.total_seconds()) + 60):
        raise Refused(USED)
    return make_pass(poll, secrets.token_hex(16))


def _secret(poll: Poll) -> str:
    """A secret of each poll: what was solved for one is worth nothing in another."""
    return salted_hmac("voting.passes", str(poll.pk), secret=settings.SECRET_KEY).hexdigest()


def _name(solution: str) -> str:
    """What is unique in a challenge: its signature, however the solution around it is spelt."""
    return Payload.from_base64(solution).challenge.signature or ""
