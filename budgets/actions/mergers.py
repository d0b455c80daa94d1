"""Authors answer a public body that asks them to make one project of two."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from budgets.models import MergeRequest, Project
from budgets.permissions import may_answer_merger
from common.resources import NOT_FOUND
from common.verdicts import Refused, require
from processes import journal
from processes.kinds import EntryKind
from processes.models import Subject

_FOLLOW = """
INSERT INTO budgets_cosignature (project_id, user_id, signed_at)
SELECT %(into)s, user_id, signed_at FROM budgets_cosignature
WHERE project_id = %(project)s AND user_id <> %(author)s
ON CONFLICT (project_id, user_id) DO NOTHING
"""
_COUNT = """
UPDATE budgets_project SET cosignature_count =
    (SELECT count(*) FROM budgets_cosignature WHERE project_id = %(into)s)
WHERE id = %(into)s
"""


@transaction.atomic
def consent(actor: Any, *, request_id: int) -> MergeRequest:
    """Agree as the author of one of the projects, or of both. With the last consent they are one."""
    request = _request_for(request_id)
    require(may_answer_merger(actor, request))
    changes = {}
    if request.project.subject.author_id == actor.pk and request.project_consented_at is None:
        changes["project_consented_at"] = Now()
    if request.into.subject.author_id == actor.pk and request.into_consented_at is None:
        changes["into_consented_at"] = Now()
    if changes:
        MergeRequest.objects.filter(pk=request.pk).update(**changes)
        request.refresh_from_db(fields=list(changes))
    if request.project_consented_at is not None and request.into_consented_at is not None:
        _merge(actor, request)
    return request


@transaction.atomic
def refuse(actor: Any, *, request_id: int) -> MergeRequest:
    """Say no as the author of one of the projects: both stay as they are."""
    request = _request_for(request_id)
    require(may_answer_merger(actor, request))
    MergeRequest.objects.filter(pk=request.pk).update(refused_at=Now(), refused_by=actor)
    request.refresh_from_db(fields=["refused_at", "refused_by"])
    subject = request.project.subject
    journal.record(
        EntryKind.MERGE_REFUSED,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data={"into": request.into.subject_id, "request": request.pk},
    )
    return request


def _request_for(request_id: int) -> MergeRequest:
    """The request, its row and both projects locked, so that no signature is lost. Two queries."""
    request = requests().select_for_update(of=("self",), no_key=True).filter(pk=request_id).first()
    if request is None:
        raise Refused(NOT_FOUND)
    pair = Project.objects.filter(pk__in=[request.project_id, request.into_id])
    locked = {row.pk: row for row in pair.select_for_update(no_key=True).order_by("pk")}
    for project in (request.project, request.into):
        project.merged_into_id = locked[project.pk].merged_into_id
    return request


def requests() -> QuerySet[MergeRequest]:
    """Requests with both projects, their subjects and authors, the ballot box and the database's clock."""
    return MergeRequest.objects.select_related(
        "project__subject__author",
        "project__subject__process__organisation",
        "project__budget__poll",
        "into__subject__author",
        "into__envelope",
        "project__envelope",
    ).annotate(clock=Now())


def _merge(actor: Any, request: MergeRequest) -> None:
    """The project stays readable and leads to the other; who signed either has signed that one, once."""
    project, into = request.project, request.into
    MergeRequest.objects.filter(pk=request.pk).update(merged_at=Now())
    Project.objects.filter(pk=project.pk).update(merged_into=into, merged_at=Now())
    Subject.objects.filter(pk=project.subject_id).update(locked_at=Now())
    pair = {"project": project.pk, "into": into.pk, "author": into.subject.author_id or 0}
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, pair)
        cursor.execute(_COUNT, pair)
    request.refresh_from_db(fields=["merged_at"])
    journal.record(
        EntryKind.PROJECTS_MERGED,
        actor=actor,
        process=project.subject.process_id,
        subject=project.subject,
        data={"into": into.subject_id},
    )
