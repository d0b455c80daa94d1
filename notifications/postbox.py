"""One connection to the mail server per process, kept from one batch to the next."""

import smtplib
import time

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

IDLE = 20.0  # seconds after which the server may have hung up, so that a new connection is made


class Unreachable(Exception):
    """The mail server cannot be used now: nobody's letter is to blame. Try again later."""


class Refusal(Exception):
    """The mail server does not want this one letter. `is_final`: it never will."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.is_final = 500 <= code < 600


def _refusal(code: int, message: bytes | str) -> Refusal | Unreachable:
    text = message.decode(errors="replace") if isinstance(message, bytes) else message
    if code == 421:
        return Unreachable(text)
    return Refusal(code, text)


class Postbox:
    """Hands letters to the mail server. Not for several threads at once."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._used = 0.0

    def send(self, message: EmailMessage) -> None:
        """Send one letter. Raises Unreachable or Refusal; otherwise the server has accepted it."""
        try:
            connection = self._open()
            connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise self._closed_if_unreachable(_refusal(code, text)) from error
        except smtplib.SMTPDataError as error:
            raise self._closed_if_unreachable(
                _refusal(error.smtp_code, error.smtp_error)
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        self._used = time.monotonic()

    def _open(self) -> BaseEmailBackend:
        """The kept connection, or a new one. Backends that write to files open by themselves."""
        if self._connection is not None and time.monotonic() - self._used > IDLE:
            self.close()
        if self._connection is None:
            connection = get_connection()
            if isinstance(connection, EmailBackend):
                connection.open()
            self._connection = connection
        return self._connection

    def _closed_if_unreachable(self, error: Refusal | Unreachable) -> Refusal | Unreachable:
        if isinstance(error, Unreachable):
            self.close()
        return error

    def close(self) -> None:
        """Hang up; the next letter calls again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (smtplib.SMTPException, OSError):
                return


postbox = Postbox()
