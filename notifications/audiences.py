"""Who is told of what: each kind of journal entry has an audience, and an audience is a query.

An audience is a QuerySet of people. The actor, closed accounts and people who only stand for an
imported number are never in one (see `told_of`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.kinds import Role
from accounts.models import User
from deliberation.models import Comment, Position, Source, Support
from notifications.kinds import LETTERS
from notifications.models import Follow, Subscription
from processes.kinds import JOINED, SUBJECT_AUDIENCES, EntryKind
from processes.models import Entry, Participation

People = QuerySet[User]


def participants(entry: Entry) -> People:
    """Everyone who took part in the process."""
    took_part = Participation.objects.filter(process_id=entry.process_id, user=OuterRef("pk"))
    return User.objects.filter(Exists(took_part))


def author(entry: Entry) -> People:
    """Who wrote what the entry is about: the comment or source that it names, else the subject."""
    for name, model in (("comment", Comment), ("source", Source)):
        if pk := entry.data.get(name):
            return User.objects.filter(pk__in=model.objects.filter(pk=pk).values("author"))
    return subject_author(entry)


def subject_author(entry: Entry) -> People:
    if entry.subject is None or entry.subject.author_id is None:
        return User.objects.none()
    return User.objects.filter(pk=entry.subject.author_id)


def addressed(entry: Entry) -> People:
    """Whom a comment speaks to: the author of the subject and the one of the parent comment."""
    ids = [entry.data.get("parent_author"), entry.subject.author_id if entry.subject else None]
    return User.objects.filter(pk__in=[pk for pk in ids if pk is not None])


def concerned(entry: Entry) -> People:
    """The author of the subject and everyone who took a position or commented on it."""
    position = Position.objects.filter(
        subject_id=entry.subject_id, user=OuterRef("pk"), value__isnull=False
    )
    comment = Comment.objects.standing().filter(subject_id=entry.subject_id, author=OuterRef("pk"))
    mine = Q(subjects__pk=entry.subject_id)
    return User.objects.filter(mine | Exists(position) | Exists(comment)).distinct()


def _since_last(entry: Entry, **same: object) -> Q:
    """`reset_at` lies after the entry of this kind before this one, and not after this one."""
    earlier: datetime | None = (
        Entry.objects.filter(kind=entry.kind, subject_id=entry.subject_id, pk__lt=entry.pk, **same)
        .order_by("-pk")
        .values_list("created_at", flat=True)
        .first()
    )
    span = Q(reset_at__lte=entry.created_at)
    return span & Q(reset_at__gt=earlier) if earlier is not None else span


def reset(entry: Entry) -> People:
    """Whose position this edit emptied, as long as they have not taken a new one."""
    emptied = Position.objects.filter(_since_last(entry), subject_id=entry.subject_id)
    return User.objects.filter(pk__in=emptied.values("user"))


def former_supporters(entry: Entry) -> People:
    """Whose support this edit of a comment ended."""
    if not entry.data.get("supports_reset"):
        return User.objects.none()
    comment = entry.data["comment"]
    ended = Support.objects.filter(_since_last(entry, data__comment=comment), comment_id=comment)
    return User.objects.filter(pk__in=ended.values("user"))


def answering(entry: Entry) -> People:
    """The people who may answer for the public body in charge."""
    return User.objects.filter(
        memberships__organisation_id=entry.process.organisation_id,
        memberships__role__in=[Role.OWNER, Role.ANSWERER],
    )


def named_alone(entry: Entry) -> People:
    """The one person that the entry names."""
    return User.objects.filter(pk=entry.data.get("user"))


def _followers(entry: Entry) -> QuerySet[Any, int]:
    """Who follows the subject, or one that became part of it."""
    subjects = Q(subject=entry.subject_id)
    for joined in JOINED:
        subjects |= Q(subject__in=joined(entry))
    return Follow.objects.filter(subjects).values_list("user_id", flat=True)


def any_of(*names: str) -> Callable[[Entry], People]:
    """Everybody in one of these audiences: "author", "followers", or one that an app above has
    registered (`processes.kinds.SUBJECT_AUDIENCES`). Each person once."""

    def people(entry: Entry) -> People:
        found = Q(pk__in=[])
        for name in names:
            if name == "author":
                found |= Q(pk=entry.subject.author_id if entry.subject else None)
            elif name == "followers":
                found |= Q(pk__in=_followers(entry))
            elif name in SUBJECT_AUDIENCES:
                found |= Q(pk__in=SUBJECT_AUDIENCES[name](entry))
        return User.objects.filter(found)

    return people


# Who is told how a chosen project gets on.
backers = any_of("author", "merged_authors", "cosigners", "voters", "followers")

# Who finds a notice in the inbox.
NOTICED: dict[str, Callable[[Entry], People]] = {
    EntryKind.COMMENT_POSTED: addressed,
    EntryKind.COMMENT_EDITED: former_supporters,
    EntryKind.POSITIONS_RESET: reset,
    EntryKind.ANSWER_OWED: subject_author,
    EntryKind.ANSWERED: concerned,
    EntryKind.ANSWER_CHANGED: concerned,
    EntryKind.ANSWER_LATE: answering,
    EntryKind.VERSION_PUBLISHED: participants,
    EntryKind.CLOSING_SOON: participants,
    EntryKind.PROCESS_RESCHEDULED: participants,
    EntryKind.HIDDEN: author,
    EntryKind.RESTORED: author,
    EntryKind.BALLOT_UNFINISHED: named_alone,
    EntryKind.REVISION_ASKED: subject_author,
    EntryKind.MERGE_ASKED: any_of("author", "other_author"),
    EntryKind.PROJECTS_MERGED: any_of("author", "other_author", "cosigners", "followers"),
    EntryKind.MERGE_REFUSED: any_of("author", "other_author", "merge_asker"),
    EntryKind.PROJECT_MOVED: any_of("author", "followers"),
    EntryKind.PROJECT_ASSESSED: any_of("author", "cosigners", "followers"),
    EntryKind.ASSESSOR_NAMED: any_of("handed_to"),
    EntryKind.ASSESSMENT_HANDED_OUT: any_of("handed_to"),
    EntryKind.ASSESSMENT_LATE: any_of("assessors", "coordinators"),
    EntryKind.PROJECT_PROGRESSED: backers,
    EntryKind.PROJECT_DELAYED: backers,
    EntryKind.PROJECT_BUILT: backers,
    EntryKind.PROJECT_CANCELLED: backers,
}
# Who gets a mail at once. Everything else waits in the inbox.
MAILED: dict[str, Callable[[Entry], People]] = {
    EntryKind.ANSWERED: subject_author,
    EntryKind.ANSWER_CHANGED: subject_author,
    EntryKind.HIDDEN: author,
    EntryKind.RESTORED: author,
    EntryKind.RESULTS_PUBLISHED: participants,
    EntryKind.PROJECTS_CHOSEN: participants,
    EntryKind.BALLOT_UNFINISHED: named_alone,
    EntryKind.REVISION_ASKED: subject_author,
    EntryKind.MERGE_ASKED: any_of("author", "other_author"),
    EntryKind.PROJECT_ASSESSED: any_of("author", "cosigners"),
    EntryKind.ASSESSOR_NAMED: any_of("handed_to"),
    EntryKind.ASSESSMENT_HANDED_OUT: any_of("handed_to"),
    EntryKind.PROJECT_DELAYED: backers,
    EntryKind.PROJECT_BUILT: backers,
    EntryKind.PROJECT_CANCELLED: backers,
}
# Who finds a letter in the inbox.
LETTERED: dict[str, Callable[[Entry], People]] = dict.fromkeys(LETTERS, participants)


def told_of(table: dict[str, Callable[[Entry], People]], entry: Entry) -> People | None:
    """The audience of an entry by one of the tables above; None if nobody ever is told of it.

    A letter goes to its sender too, if he took part; of nothing else is the actor told.
    """
    audience = table.get(entry.kind)
    if audience is None:
        return None
    people = audience(entry).filter(
        is_active=True, closed_at__isnull=True, generated_at__isnull=True
    )
    if entry.actor_id is not None and entry.kind not in LETTERS:
        people = people.exclude(pk=entry.actor_id)
    return people


def has_confirmed_address(user: str) -> Exists:
    """Whether the address of the person that `user` ("pk", "user_id") refers to is confirmed."""
    return Exists(
        EmailAddress.objects.filter(user=OuterRef(user), verified=True, email=F("user__email"))
    )


def wants_no_mail(user: str, process: object) -> Exists:
    """Whether the person asked for no mail: about this process, or at all."""
    return Exists(
        Subscription.objects.filter(
            Q(process=process) | Q(process__isnull=True),
            user=OuterRef(user),
            ended_at__isnull=False,
        )
    )


def mailable(people: People, process_id: int) -> People:
    """Those who have a confirmed address and did not ask for silence."""
    return people.filter(has_confirmed_address("pk"), ~wants_no_mail("pk", process_id))
