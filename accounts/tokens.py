"""Signing in to the API by a bearer token: `Authorization: Bearer …`."""

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import Token, User, UserQuerySet
from common.prepared import Prepared


def _by_token(digest: str) -> UserQuerySet:
    return (
        User.objects.filter(tokens__digest=digest, is_active=True)
        .annotate(token_id=F("tokens__pk"), token_used_on=F("tokens__used_on"))
        .with_identity()
    )


_BY_TOKEN: Prepared[User] = Prepared(_by_token, digest=str)


class BearerAuthentication(BaseAuthentication):
    """One query; a second one on the first use of a token on a day. Needs no CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The person behind the token; None without one; AuthenticationFailed (401) for a wrong one."""
        scheme, _space, plain = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        return self._person(plain.strip().decode("latin-1")), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def _person(self, plain: str) -> User:
        user = _BY_TOKEN.first(digest=Token.digest_of(plain))
        if user is None:
            raise AuthenticationFailed(
                _("This token does not exist or was revoked."), "token_unknown"
            )
        today = timezone.now().date()
        if user.token_used_on != today:  # type: ignore[attr-defined]
            unused_today = ~Q(used_on=today) | Q(used_on__isnull=True)
            mine = Token.objects.filter(unused_today, pk=user.token_id)  # type: ignore[attr-defined]
            mine.update(used_on=today)
        return user
