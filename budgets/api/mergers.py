"""Authors are asked to make one project of two, and answer."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import works_for
from budgets.actions.mergers import consent, refuse, requests
from budgets.api.reading import find_budget
from budgets.models import Budget, MergeRequest
from budgets.permissions import may_answer_merger
from budgets.serializers.projects import MergerBody, MergerSerializer
from common.resources import NOT_FOUND, Own, an_id, verdict_row
from common.verdicts import Refused

TAGS = ["budgets"]
_ACTIONS = {"consent": consent, "refuse": refuse}


class Mergers(Own):
    @extend_schema(operation_id="mergers", responses=MergerSerializer(many=True), tags=TAGS)
    def get(self, request: Request, slug: str) -> Response:
        """Requests about my projects, the newest first; all of them for the public body's people."""
        rows = _mine(request.user, find_budget(request.user, slug))
        return self.page(rows, lambda row: merger_row(row, request.user), ordering=("-pk",))


class OneMerger(Own):
    @extend_schema(operation_id="merger", responses=MergerSerializer, tags=TAGS)
    def get(self, request: Request, slug: str, merger_id: int) -> Response:
        """One request."""
        return Response(merger_row(_one(request, slug, merger_id), request.user))

    @extend_schema(
        operation_id="merger_answer", request=MergerBody, responses=MergerSerializer, tags=TAGS
    )
    def put(self, request: Request, slug: str, merger_id: int) -> Response:
        """Consent as an author, or refuse. With the last consent the projects are one."""
        answer = self.body(MergerBody)["answer"]
        found = _one(request, slug, merger_id)
        _ACTIONS[answer](request.user, request_id=found.pk)
        return Response(merger_row(_one(request, slug, merger_id), request.user))


def _mine(user: Any, budget: Budget) -> QuerySet[MergeRequest]:
    rows = requests().filter(project__budget=budget)
    if works_for(user, budget.process.organisation_id):
        return rows  # type: ignore[no-any-return]
    own = Q(project__subject__author=user) | Q(into__subject__author=user)
    return rows.filter(own)  # type: ignore[no-any-return]


def _one(request: Request, slug: str, merger_id: int) -> MergeRequest:
    """Two queries. Raises Refused (404) for what the person may not see."""
    rows = _mine(request.user, find_budget(request.user, slug))
    found = rows.filter(pk=an_id(merger_id)).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def merger_row(row: MergeRequest, user: Any) -> dict[str, Any]:
    """A row of `mergers.requests`. No query."""
    return {
        "id": row.pk,
        "project": row.project.subject_id,
        "into": row.into.subject_id,
        "reason": row.reason,
        "language": row.language,
        "state": _state(row),
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "project_consented_at": row.project_consented_at,
        "into_consented_at": row.into_consented_at,
        "refused_at": row.refused_at,
        "merged_at": row.merged_at,
        "may_answer": verdict_row(may_answer_merger(user, row)),
    }


def _state(row: MergeRequest) -> str:
    if row.merged_at is not None:
        return "merged"
    if row.refused_at is not None:
        return "refused"
    return "expired" if row.expires_at <= row.clock else "open"  # type: ignore[attr-defined]
