"""The public frame of every participation."""

from processes.models.journal import Entry
from processes.models.process import (
    Phase,
    Process,
    ProcessQuerySet,
    Topic,
    phases_of,
    timetable_of,
)
from processes.models.subject import Participation, Subject, SubjectQuerySet

__all__ = [
    "Entry",
    "Participation",
    "Phase",
    "Process",
    "ProcessQuerySet",
    "Subject",
    "SubjectQuerySet",
    "Topic",
    "phases_of",
    "timetable_of",
]
