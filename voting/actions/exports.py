"""Asking for a file of single answers."""

import secrets
from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import works_for
from common.nudge import nudge
from common.verdicts import Refused, Verdict, no, require
from voting.models import Export, Poll
from voting.results.exports import FORMATS
from voting.results.guard import may_export_answers

MAKE = "voting.tasks.make_export"


def may_make_exports(user: Any, poll: Poll) -> Verdict:
    """Whoever works for the public body, where single answers may be shown at all."""
    verdict = works_for(user, poll.process.organisation_id)
    return may_export_answers(user, poll) if verdict else verdict


def start_export(actor: Any, *, poll: Poll, format: str, language: str) -> Export:  # noqa: A002
    """Ask for a file; it is made in the background. One that is being made is not begun again."""
    require(may_make_exports(actor, poll))
    if format not in FORMATS:
        raise Refused(no("format_unknown", _("Answers are not exported in this format."), 400))
    running = Export.objects.filter(
        poll=poll,
        format=format,
        languages=[language],
        finished_at__isnull=True,
        failed_at__isnull=True,
    ).first()
    if running is not None:
        return running
    export = Export.objects.create(
        poll=poll,
        actor=actor,
        format=format,
        languages=[language],
        path=f"exports/{poll.pk}-{secrets.token_hex(16)}.{format}",
    )
    nudge(MAKE, export.pk)
    return export
