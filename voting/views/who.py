"""Who asks: a person with an account, or the holder of a pass or a code in a signed cookie."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common.verdicts import Refused
from voting.kinds import Eligibility
from voting.models import Poll
from voting.permissions import NO_CODE
from voting.voters import Voter, holder_of_code, holder_of_pass, person

CODE_SALT = "voting.code"
CONSENTED = "voting.consent"
MONTHS = 60 * 60 * 24 * 200  # seconds that a pass or a code is kept in the browser


def voter_of(request: HttpRequest, poll: Poll) -> Voter:
    """The voter at the other end; one without a key may not answer, and the verdict says why.

    Two queries at most. Never for pages that all anonymous readers share.
    """
    if poll.eligibility == Eligibility.INVITED:
        return _invited(request, poll)
    if poll.eligibility == Eligibility.ANYONE and not request.user.is_authenticated:
        token = request.COOKIES.get(pass_cookie(poll), "")
        voter = holder_of_pass(token, poll) if token else None
        if voter is not None:
            return voter
    return person(request.user, poll)


def _invited(request: HttpRequest, poll: Poll) -> Voter:
    code = request.get_signed_cookie(code_cookie(poll), default="", salt=CODE_SALT)
    if not code:
        return Voter("", NO_CODE)
    try:
        return holder_of_code(code, poll)
    except Refused as refused:
        return Voter("", refused.verdict)


def pass_cookie(poll: Poll) -> str:
    return f"kenes-pass-{poll.pk}"


def code_cookie(poll: Poll) -> str:
    return f"kenes-code-{poll.pk}"


def consent_cookie(poll: Poll) -> str:
    return f"kenes-consent-{poll.pk}"


def cookie(seconds: int | None = MONTHS) -> dict[str, Any]:
    """How the cookies of answering are set: for this site alone, out of reach of scripts."""
    return {
        "max_age": seconds,
        "httponly": True,
        "samesite": "Lax",
        "secure": settings.SESSION_COOKIE_SECURE,
    }


def keep_code(response: HttpResponse, poll: Poll, code: str) -> None:
    response.set_signed_cookie(code_cookie(poll), code, salt=CODE_SALT, **cookie())


def keep_pass(response: HttpResponse, poll: Poll, token: str) -> None:
    response.set_cookie(pass_cookie(poll), token, **cookie())


def keep_consent(response: HttpResponse, poll: Poll) -> None:
    """As long as the browser is open; nothing about it is stored here."""
    response.set_signed_cookie(consent_cookie(poll), "yes", salt=CONSENTED, **cookie(None))


def address_of(request: HttpRequest) -> str:
    """The sender's address, as the other limits of the site know it."""
    return str(get_adapter(request).get_client_ip(request))
