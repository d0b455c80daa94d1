"""Who is told of what happens to a project: audiences that `notifications` finds by their names.

Each is a queryset of one column of user ids. In a secret poll nobody knows who voted for what, so
that nobody is told for having voted.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from accounts.models import GroupMember, Membership, User
from accounts.permissions import EDITING
from budgets.models import Assessment, Cosignature, MergeRequest, Project
from processes.kinds import ENTRY_PATHS, JOINED, SUBJECT_AUDIENCES, EntryKind
from processes.models import Entry, Subject
from voting.kinds import Secrecy
from voting.models import Ballot

People = QuerySet[Any, int]


def cosigners(entry: Entry) -> People:
    """Who signed the project, or the one that it became part of."""
    subjects = [entry.subject_id, entry.data.get("into")]
    rows = Cosignature.objects.filter(project__subject__in=[pk for pk in subjects if pk])
    return rows.values_list("user_id", flat=True)


def other_author(entry: Entry) -> People:
    """The author of the project that this one would become, or became, part of."""
    rows = Subject.objects.filter(pk=entry.data.get("into"), author__isnull=False)
    return rows.values_list("author_id", flat=True)


def merged_authors(entry: Entry) -> People:
    """The authors of the projects that became part of this one."""
    rows = Project.objects.filter(merged_into__subject=entry.subject_id)
    return rows.filter(subject__author__isnull=False).values_list("subject__author_id", flat=True)


def merged_subjects(entry: Entry) -> People:
    """The subjects of the projects that became part of this one."""
    rows = Project.objects.filter(merged_into__subject=entry.subject_id)
    return rows.values_list("subject_id", flat=True)


def merge_asker(entry: Entry) -> People:
    """Who asked for the merger, for the public body."""
    rows = MergeRequest.objects.filter(pk=entry.data.get("request"))
    return rows.values_list("asked_by_id", flat=True)


def assessors(entry: Entry) -> People:
    """Whoever has the assessment of the project: one person, or the people of a group."""
    assessment = Assessment.objects.filter(project__subject=entry.subject_id)
    people = GroupMember.objects.filter(group__in=assessment.values("group"))
    alone = assessment.filter(assessor__isnull=False).values_list("assessor_id", flat=True)
    return people.values_list("user_id", flat=True).union(alone)


def handed_to(entry: Entry) -> People:
    """Whoever the entry names: the person, or the people of the group, that assessments were handed to
    or that will assess."""
    people = GroupMember.objects.filter(group=entry.data.get("group")).values_list(
        "user_id", flat=True
    )
    alone = User.objects.filter(pk=entry.data.get("assessor")).values_list("pk", flat=True)
    return people.union(alone)


def coordinators(entry: Entry) -> People:
    """Owners and editors of the public body."""
    rows = Membership.objects.filter(
        organisation=entry.process.organisation_id, role__in=list(EDITING)
    )
    return rows.values_list("user_id", flat=True)


def voters(entry: Entry) -> People:
    """Everyone whose counted ballot has the project; nobody where the poll was secret."""
    project = (
        Project.objects.filter(subject=entry.subject_id)
        .select_related("envelope", "budget__poll")
        .only("number", "envelope__key", "budget__poll__secrecy")
        .first()
    )
    if project is None or project.budget.poll.secrecy == Secrecy.SECRET:
        return Ballot.objects.none().values_list("turnout__user_id", flat=True)
    return ballots_for(project).values_list("turnout__user_id", flat=True)


def ballots_for(project: Project) -> QuerySet[Ballot]:
    """The counted ballots of people with an account that support a project of a poll that is not
    secret. The project comes with its envelope; no query."""
    envelope, key = project.envelope.key, project.key
    points = KeyTransform(key, KeyTransform("points", KeyTransform(envelope, "answers")))
    named = Q(answers__contains={envelope: {"options": [key]}})
    named |= Q(answers__contains={envelope: {"ranking": [key]}})
    rows = Ballot.objects.filter(
        poll=project.budget.poll_id,
        replaced_by__isnull=True,
        answers__isnull=False,
        turnout__user__isnull=False,
        turnout__withdrawn_at__isnull=True,
    )
    return rows.alias(points=points).filter(named | Q(points__gt=0))


def _at_the_desk(slug: str, entry: Entry) -> str:
    return f"/desk/budgets/{slug}/assessments/{entry.subject_id}/"


def _handed_out(slug: str, entry: Entry) -> str:
    if entry.subject_id is not None:
        return _at_the_desk(slug, entry)
    whose = "group" if entry.data.get("group") else "mine"
    return f"/desk/budgets/{slug}/assessments/?whose={whose}"


def _queue(slug: str, entry: Entry) -> str:
    return f"/desk/budgets/{slug}/assessments/"


def _results(slug: str, entry: Entry) -> str:
    return f"/budgets/{slug}/results/"


def _merger(slug: str, entry: Entry) -> str:
    return f"/budgets/{slug}/mergers/{entry.data.get('request')}/"


def register() -> None:
    """Tell the app that tells people whom it may ask for, and where it sends them."""
    for audience in (
        cosigners, other_author, merged_authors, merge_asker, assessors, handed_to,
        coordinators, voters,
    ):  # fmt: skip
        SUBJECT_AUDIENCES[audience.__name__] = audience
    JOINED.append(merged_subjects)
    ENTRY_PATHS[EntryKind.ASSESSOR_NAMED] = _queue
    ENTRY_PATHS[EntryKind.ASSESSMENT_HANDED_OUT] = _handed_out
    ENTRY_PATHS[EntryKind.ASSESSMENT_LATE] = _at_the_desk
    ENTRY_PATHS[EntryKind.MERGE_ASKED] = _merger
    ENTRY_PATHS[EntryKind.PROJECTS_CHOSEN] = _results
