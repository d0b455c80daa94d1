"""Finding a process or a subject for a reader; what a reader may not see is not there."""

from typing import Any

from django.db.models import QuerySet

from common.prepared import Prepared
from common.resources import NOT_FOUND, an_id
from common.verdicts import Refused, require
from processes.models import Process, Subject
from processes.permissions import may_read

UNREAD = ("search", "sample", "text", "process__search", "process__sample")


def readable_subject(user: Any, subject_id: int) -> Subject:
    """A subject with its frame, process and body. One query. Raises Refused (404)."""
    subject = _SUBJECT.first(subject_id=an_id(subject_id))
    return allowed(user, subject)


def allowed(user: Any, subject: Subject | None) -> Subject:
    """The subject, if there is one whose process the person may read. Raises Refused (404)."""
    if subject is None:
        raise Refused(NOT_FOUND)
    require(may_read(user, subject.process))
    return subject


def readable_process(user: Any, slug: str) -> Process:
    """A process with its timetable and body. One query. Raises Refused (404)."""
    process = _PROCESS.first(slug=slug)
    if process is None:
        raise Refused(NOT_FOUND)
    require(may_read(user, process))
    return process


def _subject(subject_id: int) -> QuerySet[Subject]:
    return Subject.objects.with_frame().defer(*UNREAD).filter(pk=subject_id)


def _process(slug: str) -> QuerySet[Process]:
    rows = Process.objects.with_timetable().select_related("organisation")
    return rows.defer("search", "sample").filter(slug=slug)


_SUBJECT: Prepared[Subject] = Prepared(_subject)
_PROCESS: Prepared[Process] = Prepared(_process, slug=str)
