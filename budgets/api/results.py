"""What was chosen, by every rule, from stored outcomes."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from budgets.api.reading import find_budget
from budgets.models import Allocation, Budget, Satisfaction
from budgets.serializers.frame import envelope_row
from budgets.serializers.results import (
    BudgetResultsSerializer,
    allocation_row,
    satisfaction_row,
)
from common.resources import Resource, pages
from common.verdicts import Refused, require
from voting.api import SealedSchema
from voting.results.guard import SEALED, may_export_answers, may_see_results


class ResultsOf(Resource):
    schema = SealedSchema()

    @extend_schema(
        operation_id="budget_results", responses=BudgetResultsSerializer, tags=["budgets"]
    )
    def get(self, request: Request, slug: str) -> Response:
        """What each rule chooses on the same ballots, and how many voters it serves. Before the
        count there is nothing for anybody (409)."""
        budget = find_budget(request.user, slug)
        poll = budget.poll
        require(may_see_results(request.user, poll))
        if poll.counted_at is None:
            raise Refused(SEALED)
        rows = Allocation.objects.filter(budget=budget).select_related("envelope")
        return Response(
            {
                "budget": slug,
                "currency": budget.currency,
                "counted_at": poll.counted_at,
                "definition_digest": poll.definition_digest,
                "envelopes": [envelope_row(row) for row in budget.envelopes_json],  # type: ignore[attr-defined]
                "allocations": [allocation_row(row) for row in rows],
                "satisfaction": [
                    satisfaction_row(row) for row in Satisfaction.objects.filter(budget=budget)
                ],
                "files": _files(request, budget),
                "url": f"{pages(request)}/budgets/{slug}/results/",
            }
        )


def _files(request: Request, budget: Budget) -> dict[str, str]:
    base = f"{pages(request)}/budgets/{budget.process.slug}/results/"
    files = {name: base + name for name in ("results.json", "projects.json", "projects.csv")}
    if may_export_answers(request.user, budget.poll):
        for row in budget.envelopes_json:  # type: ignore[attr-defined]
            files[f"{row['key']}.pb"] = f"{base}ballots/{row['key']}.pb"
    return files
