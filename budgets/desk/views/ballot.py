"""What is on the ballot, and what is missing before people can vote."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from budgets.desk import checks, reads
from budgets.desk.declared import declared_lines
from budgets.desk.views.frame import Desk, desk_page
from processes.desk import READ, show


@desk_page("ballot", methods=READ)
def ballot(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Projects with their costs by envelope, the declared rule, incompatible projects. Nothing here says
    how anybody voted."""
    asked = reads.asked_by(desk.budget)
    found = []
    if not desk.is_fixed:
        counts = reads.counts_of(desk.budget)
        found = checks.before_voting(desk.budget, desk.href, asked, counts)
    polls = f"/{get_language()}/desk/polls/{desk.process.slug}/"
    context = {
        "checks": found,
        "is_missing": any(check.state == "missing" for check in found),
        "pages": reads.ballot_pages(asked),
        "lines": declared_lines(desk.budget),
        "conflicts": reads.conflict_lines(desk.budget),
        "preview_href": f"{polls}preview/",
        "digest": desk.budget.poll.definition_digest,
    }
    return show(request, desk, "ballot", context)
