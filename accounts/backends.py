"""Who is signed in: one query brings the person, the roles, the verifications, unread notices."""

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError

from accounts.kinds import USER_ANNOTATIONS
from accounts.models import User

__all__ = ["USER_ANNOTATIONS", "EmailBackend"]


class EmailBackend(AuthenticationBackend):
    """Signs in by e-mail address and password, and reloads the person for each request."""

    def get_user(self, user_id: int) -> User | None:
        """The person with `roles` and `verified_areas` ready: one query, none later."""
        try:
            user = User.objects.with_identity().filter(pk=user_id).first()
        except (ValueError, ValidationError):
            return None
        return user if user is not None and self.user_can_authenticate(user) else None
