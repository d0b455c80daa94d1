"""Who is signed in: one query brings the person, the roles, the verifications, unread notices."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.kinds import USER_ANNOTATIONS
from accounts.models import User
from common.prepared import Prepared

__all__ = ["USER_ANNOTATIONS", "EmailBackend"]

_WITH_IDENTITY = Prepared(lambda pk: User.objects.with_identity().filter(pk=pk))


class EmailBackend(AuthenticationBackend):
    """Signs in by e-mail address and password, and reloads the person for each request."""

    def get_user(self, user_id: int) -> User | None:
        """The person with `roles` and `verified_areas` ready: one query, none later."""
        try:
            user = _WITH_IDENTITY.first(pk=int(user_id))
        except (TypeError, ValueError):
            return None
        return user if user is not None and self.user_can_authenticate(user) else None
