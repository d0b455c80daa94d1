"""Who follows a subject, as its page shows it. The app that tells people keeps the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language

from processes.kinds import FOLLOWED, subject_path
from processes.models import Subject


@dataclass(frozen=True, slots=True)
class FollowButton:
    """The button of templates/components/follow.html: it posts to `href`, and comes back to `back`.

    `is_following` None: nobody is signed in, and `href` leads to where one signs in.
    """

    href: str
    back: str
    is_following: bool | None


def followed(user: Any, subject_ids: Sequence[int]) -> set[int]:
    """Which of the subjects the person follows. One query at most."""
    if not user.is_authenticated or not subject_ids:
        return set()
    return set().union(*(find(user.pk, subject_ids) for find in FOLLOWED))


def follow_button(user: Any, subject: Subject, slug: str) -> FollowButton:
    """Follow or no longer follow a subject of the process `slug`. One query for who is signed in."""
    prefix = f"/{get_language()}"
    back = prefix + subject_path(subject, slug)
    if not user.is_authenticated:
        login = f"{prefix}/accounts/login/?{urlencode({'next': back})}"
        return FollowButton(login, back, None)
    is_following = subject.pk in followed(user, [subject.pk])
    verb = "unfollow" if is_following else "follow"
    return FollowButton(f"{prefix}/subjects/{subject.pk}/{verb}/", back, is_following)
