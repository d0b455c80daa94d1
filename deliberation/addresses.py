"""Where the pages of this app's things are, in the reader's language."""

from django.utils.translation import get_language

from processes.kinds import process_path, subject_path
from processes.models import Process, Subject


def subject_href(subject: Subject) -> str:
    """The page of a subject. Its process must be loaded, or costs a query."""
    return f"/{get_language()}{subject_path(subject, subject.process.slug)}"


def process_href(process: Process) -> str:
    """The page of a process."""
    return f"/{get_language()}{process_path(process)}"


def talk_href(subject_id: int) -> str:
    """Below it are a subject's position, comments, sources and the search for similar ones."""
    return f"/{get_language()}/subjects/{subject_id}/"


def comment_href(comment_id: int) -> str:
    """The page of a comment with its replies; below it what can be done with it."""
    return f"/{get_language()}/subjects/comments/{comment_id}/"
