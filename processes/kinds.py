"""The fixed words of this app, and the registry that kinds of process fill from above."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.texts import Localized, Phrase

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from processes.models import Entry, Process, Subject


class ProcessKind(models.TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    POLL = "poll", _("Poll")
    BUDGET = "budget", _("Participatory budget")
    ASSEMBLY = "assembly", _("Citizens’ assembly")
    INBOX = "inbox", _("Appeals")


class Activity(models.TextChoices):
    """What a phase can open."""

    TAKE_POSITION = "take_position", _("Taking positions")
    COMMENT = "comment", _("Arguing and replying")
    SUPPORT = "support", _("Supporting arguments")
    ADD_SOURCE = "add_source", _("Attaching sources")
    AMEND = "amend", _("Proposing amendments")
    PROPOSE = "propose", _("Proposing new articles")
    ANSWER = "answer", _("Answers by the public body")
    VOTE = "vote", _("Voting")
    PROJECT = "project", _("Proposing projects")
    COSIGN = "cosign", _("Co-signing projects")
    REVISE = "revise", _("Revising projects")
    ASSESS = "assess", _("Assessing projects")
    BUILD = "build", _("Carrying out projects")


# What people of the public body do; everything else is for those who take part.
OFFICIAL = frozenset({Activity.ANSWER, Activity.ASSESS, Activity.BUILD})
# What a phase of a consultation can open.
CONSULTING = (
    Activity.TAKE_POSITION,
    Activity.COMMENT,
    Activity.SUPPORT,
    Activity.ADD_SOURCE,
    Activity.AMEND,
    Activity.PROPOSE,
    Activity.ANSWER,
)
# What a phase of a participatory budget can open.
BUDGETING = (
    Activity.PROJECT,
    Activity.COSIGN,
    Activity.REVISE,
    Activity.TAKE_POSITION,
    Activity.COMMENT,
    Activity.SUPPORT,
    Activity.ADD_SOURCE,
    Activity.ASSESS,
    Activity.VOTE,
    Activity.BUILD,
)


class Audience(models.TextChoices):
    """Who may use what a phase opens."""

    SIGNED_IN = "signed_in", _("Anyone signed in")
    VERIFIED = "verified", _("People whose identity was checked")
    RESIDENTS = "residents", _("Residents of an area")


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    UPCOMING = "upcoming", _("Upcoming")
    CLOSED = "closed", _("Closed")


class SubjectKind(models.TextChoices):
    SECTION = "section", _("Article")
    PART = "part", _("Part of the text")
    AMENDMENT = "amendment", _("Amendment")
    NEW_ARTICLE = "new_article", _("New article")
    PROJECT = "project", _("Project")


class EntryKind(models.TextChoices):
    """What the journal records. Nothing that reveals a ballot is among them."""

    PROCESS_PUBLISHED = "process_published", _("Published")
    PROCESS_RESCHEDULED = "process_rescheduled", _("Dates changed")
    PROCESS_CLOSED = "process_closed", _("Closed")
    CLOSING_SOON = "closing_soon", _("Closing soon")
    RESULTS_PUBLISHED = "results_published", _("Results published")
    POLL_OPENED = "poll_opened", _("Voting opened")
    POLL_CLOSED = "poll_closed", _("Voting closed")
    POLL_COUNTED = "poll_counted", _("Votes counted")
    BALLOT_UNFINISHED = "ballot_unfinished", _("Ballot not sent yet")
    REVISION_ASKED = "revision_asked", _("Revision asked for")
    MERGE_ASKED = "merge_asked", _("Merger asked for")
    PROJECTS_MERGED = "projects_merged", _("Projects merged")
    MERGE_REFUSED = "merge_refused", _("Merger refused")
    PROJECT_MOVED = "project_moved", _("Project moved")
    PROJECT_ASSESSED = "project_assessed", _("Project assessed")
    DECISIONS_PUBLISHED = "decisions_published", _("Assessments published")
    ASSESSOR_NAMED = "assessor_named", _("Assessor named")
    ASSESSMENT_HANDED_OUT = "assessment_handed_out", _("Assessment handed out")
    ASSESSMENT_LATE = "assessment_late", _("Assessment late")
    PROJECTS_CHOSEN = "projects_chosen", _("Projects chosen")
    PROJECT_PROGRESSED = "project_progressed", _("News of a project")
    PROJECT_DELAYED = "project_delayed", _("Project delayed")
    PROJECT_BUILT = "project_built", _("Project completed")
    PROJECT_CANCELLED = "project_cancelled", _("Project given up")
    VERSION_PUBLISHED = "version_published", _("New version of the text")
    PROPOSAL_POSTED = "proposal_posted", _("Proposal")
    PROPOSAL_EDITED = "proposal_edited", _("Proposal edited")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("Proposal withdrawn")
    POSITIONS_RESET = "positions_reset", _("Positions reset")
    COMMENT_POSTED = "comment_posted", _("Comment")
    COMMENT_EDITED = "comment_edited", _("Comment edited")
    COMMENT_WITHDRAWN = "comment_withdrawn", _("Comment withdrawn")
    SOURCE_ADDED = "source_added", _("Source")
    SOURCE_WITHDRAWN = "source_withdrawn", _("Source withdrawn")
    ANSWER_OWED = "answer_owed", _("Answer owed")
    ANSWER_LATE = "answer_late", _("Answer late")
    ANSWERED = "answered", _("Answered")
    ANSWER_CHANGED = "answer_changed", _("Answer changed")
    HIDDEN = "hidden", _("Hidden by a moderator")
    RESTORED = "restored", _("Restored by a moderator")


# What people themselves contribute, beside comments and sources.
PROPOSAL_KINDS = (SubjectKind.AMENDMENT, SubjectKind.NEW_ARTICLE, SubjectKind.PROJECT)

# Entry kinds that the public activity feed shows.
PUBLIC_ENTRIES = frozenset(
    {
        EntryKind.PROCESS_PUBLISHED,
        EntryKind.PROCESS_RESCHEDULED,
        EntryKind.PROCESS_CLOSED,
        EntryKind.RESULTS_PUBLISHED,
        EntryKind.POLL_OPENED,
        EntryKind.VERSION_PUBLISHED,
        EntryKind.PROPOSAL_POSTED,
        EntryKind.ANSWERED,
        EntryKind.ANSWER_CHANGED,
        EntryKind.PROJECTS_MERGED,
        EntryKind.PROJECT_MOVED,
        EntryKind.PROJECT_ASSESSED,
        EntryKind.DECISIONS_PUBLISHED,
        EntryKind.PROJECTS_CHOSEN,
        EntryKind.PROJECT_PROGRESSED,
        EntryKind.PROJECT_DELAYED,
        EntryKind.PROJECT_BUILT,
        EntryKind.PROJECT_CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One paragraph of a result letter: what became of one subject.

    Lines are (text, path on the site without language prefix); `diff_html` is safe HTML or "", of
    words in `language`.
    """

    heading: str
    lines: tuple[tuple[Phrase | Localized, str], ...]
    diff_html: str = ""
    language: str = ""


@dataclass(slots=True)
class SubjectType:
    """How a kind of subject is addressed, and which row it stands for.

    `path(slug, subject_id)` has no language prefix; `relation` is the reverse OneToOne's name.
    """

    kind: str
    label: str | Promise
    path: Callable[[str, int], str]
    relation: str


@dataclass(slots=True)
class ProcessType:
    """How a kind of process is addressed, and what it adds to a person's result letter.

    `path(slug)` has no language prefix. `changes(process, subject_ids, language)` gives, for many
    subjects at once, what became of each: {subject id: LetterPart}; a few queries, however many.
    `results(process, language)` gives what everybody is told, line by line: (sentence, path without
    language prefix or ""); a few queries. A letter that has them speaks of nothing else.
    `chosen(process, user_ids, language)` gives what became of what people voted for, for many at
    once: {user id: LetterPart}; nobody is in it where ballots are secret. A fixed number of queries.
    `built(process, language)` says to everybody, line by line, what was carried out in the end, and
    `built_of(process, user_ids, language)` what became of what each of them voted for; at most two
    and three queries. The letter at the end of a process that has them speaks of nothing else.
    """

    kind: str
    label: str | Promise
    path: Callable[[str], str]
    changes: Callable[["Process", list[int], str], dict[int, LetterPart]] | None = None
    results: Callable[["Process", str], list[tuple[Phrase | Localized, str]]] | None = None
    chosen: Callable[["Process", list[int], str], dict[int, LetterPart]] | None = None
    built: Callable[["Process", str], list[tuple[Phrase | Localized, str]]] | None = None
    built_of: Callable[["Process", list[int], str], dict[int, LetterPart]] | None = None


SUBJECT_TYPES: dict[str, SubjectType] = {}
PROCESS_TYPES: dict[str, ProcessType] = {}


@dataclass(frozen=True, slots=True)
class Due:
    """A moment of a process that is in the calendar beside its phases: a title, the path it leads to."""

    at: datetime
    title: str
    process: "Process"
    path: str


# Name of a figure -> (a function that gives its expression on a Process, a function that says a
# number as a sentence). Filled from above: what became of what people said, in numbers.
OUTCOMES: dict[str, tuple[Callable[[], Any], Callable[[int], str]]] = {}

# Functions (from, until) -> moments that apps above put into the calendar; one query each.
CALENDAR: list[Callable[[datetime, datetime], Iterable[Due]]] = []


def subject_path(subject: "Subject", slug: str) -> str:
    """The path of a subject's page without the language prefix."""
    return SUBJECT_TYPES[subject.kind].path(slug, subject.pk)


def process_path(process: "Process") -> str:
    """The path of a process's page without the language prefix."""
    return PROCESS_TYPES[process.kind].path(process.slug)


# {rule: its words}: why something may be hidden. Filled by the app that hides, read on tombstones.
HIDING_RULES: dict[str, str | Promise] = {}

# Name of an audience -> a function of a journal entry that gives its people, as a queryset of one
# column of ids. Filled by apps that know who voted or signed, read by the app that tells people.
SUBJECT_AUDIENCES: dict[str, Callable[["Entry"], "QuerySet[Any, int]"]] = {}

# Kind of entry -> a function (slug of the process, entry) that gives the path, without language
# prefix, to which somebody who is told of it is sent, where that is not the page of its subject or
# process. Filled from above; no query.
ENTRY_PATHS: dict[str, Callable[[str, "Entry"], str]] = {}

# Functions (entry) -> ids of subjects that became part of the entry's, as a queryset of one column:
# who follows those is told of it too. Filled from above.
JOINED: list[Callable[["Entry"], "QuerySet[Any, int]"]] = []
