"""What accounts itself adds to a person's export."""

from typing import Any

from accounts.kinds import EXPORT_SECTIONS
from accounts.models import User
from accounts.profiles import kept_profile


def account(person: User) -> dict[str, Any]:
    """The row of the person, without secrets, and what hangs on it."""
    return {
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "joined_at": person.joined_at,
        "roles": list(
            person.memberships.values("organisation__slug", "role", "since_at").order_by("since_at")
        ),
        "verifications": list(
            person.verifications.values("level", "area__slug", "verified_at").order_by(
                "verified_at"
            )
        ),
        "about_myself": kept_profile(person),
        "tokens": list(person.tokens.values("name", "hint", "created_at", "used_on")),
    }


EXPORT_SECTIONS["account"] = account
