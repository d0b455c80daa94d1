"""The answer to "may I?": yes, or no with a code and a sentence that page and API both show."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about one action. True in a condition when the action is allowed.

    `code` is stable and part of the API; `message` is a sentence for people; `status` is the
    HTTP status that fits the refusal (401 sign in first, 403 not you, 409 not now).
    """

    allowed: bool
    code: str = ""
    message: str | Promise = ""
    status: int = 403

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True, "ok", "", 200)


def no(code: str, message: str | Promise, status: int = 403) -> Verdict:
    """A refusal."""
    return Verdict(False, code, message, status)


class Refused(Exception):
    """Raised by an action whose verdict was no, or whose input the action cannot accept."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.code)
        self.verdict = verdict


def require(verdict: Verdict) -> None:
    """Raise Refused unless the verdict is yes."""
    if not verdict:
        raise Refused(verdict)
