"""A person puts documents beside a subject."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from common.html import clean_text
from common.verdicts import Refused, no, require
from common.written import text_within
from deliberation.actions.common import NOT_FOUND, claim_withdrawal, subject_for
from deliberation.kinds import SourceCategory
from deliberation.models import Source
from deliberation.permissions import (
    may_add_source,
    may_withdraw,
)
from processes import counters, journal
from processes.kinds import EntryKind


@transaction.atomic
def add_source(
    actor: Any,
    *,
    subject_id: int,
    title: str,
    url: str,
    category: str,
    note: str = "",
    language: str = "en",
    once: UUID | None = None,
) -> Source:
    """Put a document beside a subject. Six queries at most. `once` as for `post_comment`;
    title and note are in `language`."""
    subject = subject_for(actor, subject_id)
    require(may_add_source(actor, subject))
    title = text_within(title, empty=_("Write something first."))
    if len(title) > settings.TITLE_LIMIT:
        raise Refused(no("too_long", _("The title is too long."), 400))
    if category not in SourceCategory.values:
        raise Refused(no("unknown_category", _("Choose a category."), 400))
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        message = _("Enter a web address that begins with http:// or https://.")
        raise Refused(no("not_an_address", message, 400)) from None
    source = Source.objects.create(
        subject=subject,
        author=actor,
        title=title,
        url=url,
        category=category,
        note=clean_text(note).strip()[:2000],
        language=language,
        once=once,
        created_at=subject.timetable.now,
    )
    _count_source(source, 1)
    journal.record(
        EntryKind.SOURCE_ADDED,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data={"source": source.pk},
    )
    return source


def _count_source(source: Source, delta: int) -> None:
    counters.move_subject(source.subject_id, source_count=delta)
    counters.take_part(source.subject.process_id, source.author_id, contributions=delta)


@transaction.atomic
def withdraw_source(actor: Any, *, source_id: int) -> Source:
    """Take one's source back."""
    source = Source.objects.select_related("subject__process").filter(pk=source_id).first()
    if source is None:
        raise Refused(NOT_FOUND)
    require(may_withdraw(actor, source))
    if claim_withdrawal(Source, source):
        _count_source(source, -1)
        journal.record(
            EntryKind.SOURCE_WITHDRAWN,
            actor=actor,
            process=source.subject.process_id,
            subject=source.subject,
            data={"source": source.pk},
        )
    return source
