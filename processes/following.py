"""The button by which a person follows a subject. Rows are kept by the app that tells people."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import get_language

from processes.kinds import subject_path
from processes.models import Subject


@dataclass(frozen=True, slots=True)
class FollowButton:
    """The button of templates/components/follow.html: it posts to `href`.

    `is_following` None: nobody is signed in, and `href` leads to where one signs in.
    """

    href: str
    is_following: bool | None


def follow_button(subject: Subject, slug: str, *, is_following: bool | None) -> FollowButton:
    """Follow, or no longer follow, a subject of the process `slug`. No query: the page has asked
    whether `subject.followers` has the person; None for nobody."""
    prefix = f"/{get_language()}"
    if is_following is None:
        back = urlencode({"next": prefix + subject_path(subject, slug)})
        return FollowButton(f"{prefix}/accounts/login/?{back}", None)
    verb = "unfollow" if is_following else "follow"
    return FollowButton(f"{prefix}/subjects/{subject.pk}/{verb}/", is_following)
