"""Sessions in the database, read by a prepared statement: every signed-in page reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.db.models.functions import Now

from common.prepared import Prepared

_VALID = Prepared(
    lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()), key=str
)


class SessionStore(db.SessionStore):
    """Django's, but for how a session is read, and that a dead database is not a deleted session."""

    def _get_session_from_db(self) -> Any:
        session = _VALID.first(key=self.session_key)
        if session is None:
            self._session_key = None
        return session

    def save(self, must_create: bool = False) -> None:
        """Raises OperationalError when the database is away; Django would say that the session was
        deleted meanwhile, and answer 400."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise
