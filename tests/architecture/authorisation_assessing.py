"""Who gets what where projects are assessed. The columns as in authorisation_table.

Nobody is sent to sign in; people who neither work for the public body nor assess are refused.
"""

from accounts.actions import grant_role
from budgets.actions.revisions import ask_for_merger, ask_for_revision
from tests import factories
from tests.architecture.authorisation import Request, Row, Stage
from tests.budgets import scenario
from tests.budgets.assessing.helpers import BAD, in_days, published, seen_of, signed, submitted

READS = "302 403 403 403 200 403"
WRITES = "302 403 403 403 302 403"


def _of(budget: object, data: dict | None = None, **names: object) -> Request:
    return Request(kwargs={"slug": budget.process.slug, **names}, data=data)


def _park(stage: Stage):
    budget = scenario.budget_in("costing", stage.official, stage.organisation)
    return budget, scenario.project(budget, stage.citizen, "A park")


def _colleague(stage: Stage):
    person = factories.person("Edna")
    grant_role(None, person=person, organisation=stage.organisation, role="editor")
    return person


def a_budget(stage: Stage) -> Request:
    budget, park = _park(stage)
    signed(park, _colleague(stage), stage.official)
    return _of(budget)


def a_hand_out(stage: Stage) -> Request:
    budget, park = _park(stage)
    return _of(budget, {"subject": [park.subject_id], "to": f"u{stage.official.pk}"})


def a_project(stage: Stage) -> Request:
    budget, park = _park(stage)
    data = {"is_feasible": "no", "reason": "No ground", "language": "en", "seen": ""}
    return _of(budget, data, subject_id=park.subject_id)


def a_note(stage: Stage) -> Request:
    budget, park = _park(stage)
    return _of(budget, {"note-body": "Ask the gardeners"}, subject_id=park.subject_id)


def a_submitted(stage: Stage) -> Request:
    budget, park = _park(stage)
    submitted(park, _colleague(stage), BAD)
    data = {"seen": seen_of(park).isoformat(), "back-note": "Why?"}
    return _of(budget, data, subject_id=park.subject_id)


def ones_own(stage: Stage) -> Request:
    budget, park = _park(stage)
    submitted(park, stage.official, BAD)
    return _of(budget, subject_id=park.subject_id)


def a_signed(stage: Stage) -> Request:
    budget, park = _park(stage)
    signed(park, _colleague(stage), stage.official, BAD)
    return _of(budget, subject_id=park.subject_id)


def a_published(stage: Stage) -> Request:
    budget, park = _park(stage)
    published(park, _colleague(stage), stage.official, BAD)
    data = {"note": "A digit was missing", "language": "en"}
    return _of(budget, data, subject_id=park.subject_id)


def a_request(stage: Stage) -> Request:
    budget, park = _park(stage)
    day = in_days(5).strftime("%Y-%m-%dT%H:%M")
    data = {"reason": "Where?", "due_at": day, "language": "en"}
    return _of(budget, data, subject_id=park.subject_id)


def a_revision(stage: Stage) -> Request:
    budget, park = _park(stage)
    ask_for_revision(
        stage.official, project=park, reason="Where?", due_at=in_days(3), language="en"
    )
    return _of(budget, subject_id=park.subject_id)


def a_merger(stage: Stage) -> Request:
    budget, park = _park(stage)
    pool = scenario.project(budget, stage.another, "A pool")
    day = in_days(5).strftime("%Y-%m-%dT%H:%M")
    data = {"into": pool.pk, "reason": "Alike", "expires_at": day, "language": "en"}
    return _of(budget, data, subject_id=park.subject_id)


def an_asked_merger(stage: Stage) -> Request:
    budget, park = _park(stage)
    pool = scenario.project(budget, stage.another, "A pool")
    ask_for_merger(
        stage.official,
        project=park,
        into=pool,
        reason="Alike",
        expires_at=in_days(3),
        language="en",
    )
    return _of(budget, subject_id=park.subject_id)


def a_move(stage: Stage) -> Request:
    budget = scenario.budget_in(
        "costing", stage.official, stage.organisation, envelopes=(("North", 10), ("South", 20))
    )
    park = scenario.project(budget, stage.citizen, "A park")
    south = scenario.envelope_of(budget, 2)
    data = {"envelope": south.pk, "reason": "It lies there", "language": "en"}
    return _of(budget, data, subject_id=park.subject_id)


ASSESSING = [
    Row("budgetdesk:queue", "GET", READS, a_budget),
    Row("budgetdesk:hand_out", "POST", WRITES, a_hand_out),
    Row("budgetdesk:publish_decisions", "GET", READS, a_budget),
    Row("budgetdesk:publish_decisions", "POST", WRITES, a_budget),
    Row("budgetdesk:assessment", "GET", READS, a_project),
    Row("budgetdesk:assessment", "POST", WRITES, a_project),
    Row("budgetdesk:assessment_note", "POST", WRITES, a_note),
    Row("budgetdesk:sign_assessment", "POST", WRITES, a_submitted),
    Row("budgetdesk:send_back_assessment", "POST", WRITES, a_submitted),
    Row("budgetdesk:take_back_assessment", "POST", WRITES, ones_own),
    Row("budgetdesk:publish_decision", "GET", READS, a_signed),
    Row("budgetdesk:publish_decision", "POST", WRITES, a_signed),
    Row("budgetdesk:correct_decision", "GET", READS, a_published),
    Row("budgetdesk:correct_decision", "POST", WRITES, a_published),
    Row("budgetdesk:ask_revision", "GET", READS, a_request),
    Row("budgetdesk:ask_revision", "POST", WRITES, a_request),
    Row("budgetdesk:end_revision", "POST", WRITES, a_revision),
    Row("budgetdesk:ask_merger", "GET", READS, a_merger),
    Row("budgetdesk:ask_merger", "POST", WRITES, a_merger),
    Row("budgetdesk:end_merger", "POST", WRITES, an_asked_merger),
    Row("budgetdesk:move_project", "GET", READS, a_move),
    Row("budgetdesk:move_project", "POST", WRITES, a_move),
]
