"""People sign projects of others, so that they are assessed."""

from typing import Any

from django.db import connection, transaction

from budgets.actions.projects import move_cosignatures
from budgets.models import Cosignature, Project
from budgets.permissions import IS_MERGED, may_cosign
from common.resources import NOT_FOUND
from common.verdicts import Refused, require
from processes import counters

_SIGN = """
INSERT INTO budgets_cosignature (project_id, user_id) VALUES (%s, %s)
ON CONFLICT (project_id, user_id) DO NOTHING
"""


@transaction.atomic
def cosign(actor: Any, *, project_id: int) -> int:
    """Sign somebody else's project; a second time changes nothing. How many have signed. Five queries.

    The row of the signature says "once"; the counter follows it in the same transaction.
    """
    project = _framed(project_id)
    require(may_cosign(actor, project))
    with connection.cursor() as cursor:
        cursor.execute(_SIGN, [project.pk, actor.pk])
        is_new = cursor.rowcount == 1
    if is_new:
        _move(project, 1)
        counters.take_part(project.subject.process_id, actor.pk)
    return _signed(project)


@transaction.atomic
def take_back_cosignature(actor: Any, *, project_id: int) -> int:
    """Take one's signature back while signing is open. How many have signed. Four queries."""
    project = _framed(project_id)
    require(may_cosign(actor, project))
    gone, _rows = Cosignature.objects.filter(project=project, user=actor).delete()
    if gone:
        _move(project, -1)
    return _signed(project)


def _framed(project_id: int) -> Project:
    project = Project.objects.with_frame().filter(pk=project_id).first()
    if project is None:
        raise Refused(NOT_FOUND)
    project.take_frame()
    return project


def _move(project: Project, delta: int) -> None:
    """Raises Refused, so that nothing of the transaction remains, if the project was merged meanwhile."""
    if not move_cosignatures(project.pk, delta):
        raise Refused(IS_MERGED)


def _signed(project: Project) -> int:
    rows = Project.objects.filter(pk=project.pk)
    return rows.values_list("cosignature_count", flat=True).get()
