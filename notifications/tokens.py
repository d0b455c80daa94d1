"""The links in mails by which a person stops them without signing in."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

_signer = signing.Signer(salt="notifications.mail", sep="~")


class Wish(NamedTuple):
    """Whose mail about which process a link is for."""

    user_id: int
    process_id: int


def make(user_id: int, process_id: int) -> str:
    """A token without end of validity: letters are kept for years."""
    return _signer.sign(f"{user_id}-{process_id}")


def read(token: str) -> Wish | None:
    """What the token stands for; None if it was not made here."""
    try:
        user, _, process = _signer.unsign(token).partition("-")
        return Wish(int(user), int(process))
    except (signing.BadSignature, ValueError):
        return None


def address(user_id: int, process_id: int, language: str) -> str:
    """The absolute address of the page that such a token opens."""
    with override(language):
        path = reverse("notifications:unsubscribe", args=[make(user_id, process_id)])
    return settings.SITE_URL + path
