"""What the position bar with its control shows."""

from typing import Any
from urllib.parse import quote

from django.urls import reverse

from common.verdicts import Verdict
from deliberation.addresses import subject_href, talk_href
from deliberation.permissions import may_take_position
from processes.models import Subject


def position_context(
    user: Any, subject: Subject, mine: str | None, *, verdict: Verdict | None = None
) -> dict[str, Any]:
    """Context of deliberation/_position.html. No query on a subject that carries its frame."""
    verdict = may_take_position(user, subject) if verdict is None else verdict
    login = ""
    if verdict.code == "sign_in_first":
        login = f"{reverse('account_login')}?next={quote(subject_href(subject))}%23position"
    return {
        "agree": subject.agree_count,
        "mixed": subject.mixed_count,
        "disagree": subject.disagree_count,
        "action": f"{talk_href(subject.pk)}position/",
        "mine": mine or "",
        "allowed": verdict,
        "login_href": login,
    }
