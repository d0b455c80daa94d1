"""Where somebody who is told of a journal entry is sent, in any language."""

from processes.kinds import (
    ENTRY_PATHS,
    PROCESS_TYPES,
    EntryKind,
    ProcessKind,
    process_path,
    subject_path,
)
from processes.models import Entry, Process, Subject

_OF_COMMENTS = (
    EntryKind.COMMENT_POSTED,
    EntryKind.COMMENT_EDITED,
    EntryKind.HIDDEN,
    EntryKind.RESTORED,
)


def told_path(entry: Entry, process: Process, subject: Subject | None) -> str:
    """The path without language prefix. Process and subject are the entry's; no query."""
    if entry.kind in ENTRY_PATHS:
        return ENTRY_PATHS[entry.kind](process.slug, entry)
    if entry.kind == EntryKind.BALLOT_UNFINISHED:
        return f"{PROCESS_TYPES[ProcessKind.POLL].path(process.slug)}answer/"
    comment = entry.data.get("comment")
    if comment and entry.kind in _OF_COMMENTS:
        return f"/subjects/comments/{comment}/"
    if subject is not None:
        return subject_path(subject, process.slug)
    return process_path(process)
