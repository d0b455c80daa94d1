"""People propose projects, change them and take them back."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from budgets.actions.projects import edit_project, propose_project, withdraw_project
from budgets.actions.setup import close_budget
from budgets.kinds import Stage
from budgets.models import Budget, Project
from common.verdicts import Refused
from moderation.actions import hide
from processes.models import Entry, Participation
from tests import factories
from tests.budgets import scenario
from tests.budgets.projects.ideas import idea, proposed
from tests.counts import recounted_process


def test_a_project_stands_with_its_number_its_author_and_its_entry(proposing, alice):
    project = proposed(proposing, alice, title="  A   fountain ", place="Market square")
    assert (project.number, project.key, project.stage) == (1, "p1", Stage.PROPOSED)
    assert project.subject.title == "A fountain"
    assert project.subject.author == alice
    assert "<strong>square</strong>" in project.body_html
    assert Entry.objects.filter(subject=project.subject, kind="proposal_posted").count() == 1
    assert Participation.objects.filter(process=proposing.process, user=alice).exists()
    proposing.process.refresh_from_db()
    assert proposing.process.contribution_count == 1


def test_a_project_costs_eight_queries_at_most(proposing, alice):
    wanted = idea(proposing)
    with CaptureQueriesContext(connection) as queries:
        propose_project(alice, budget=proposing.process.slug, idea=wanted, once=uuid4())
    statements = [q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 8, statements


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " \n "}, "empty"),
        ({"body": ""}, "empty"),
        ({"title": "x" * 301}, "too_long"),
        ({"body": "x" * 50_001}, "too_long"),
        ({"place": "x" * 201}, "too_long"),
        ({"envelope": 0}, "no_envelope"),
        ({"category": 987_654}, "no_category"),
        ({"estimate": Decimal("0.004")}, "too_cheap"),
        ({"estimate": Decimal(-5)}, "too_cheap"),
        ({"estimate": Decimal("100000.01")}, "too_dear"),
        ({"latitude": Decimal(50)}, "half_a_place"),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, "not_on_earth"),
        ({"latitude": Decimal(0), "longitude": Decimal("-180.5")}, "not_on_earth"),
    ],
)
def test_what_cannot_stand_is_refused_with_a_sentence(changes, code, proposing, alice):
    with pytest.raises(Refused) as refused:
        proposed(proposing, alice, **changes)
    assert refused.value.verdict.code == code
    assert str(refused.value.verdict.message)
    assert not Project.objects.exists()


def test_the_bounds_of_the_budget_hold(proposing, alice):
    Budget.objects.filter(pk=proposing.pk).update(smallest_cost=1_000, largest_cost=20_000)
    proposed(proposing, alice, estimate=Decimal(1_000))
    proposed(proposing, alice, estimate=Decimal(20_000))
    for amount in ("999.99", "20000.01"):
        with pytest.raises(Refused):
            proposed(proposing, alice, estimate=Decimal(amount))


def test_an_envelope_of_another_budget_is_none_of_this_one(proposing, bob, organisation, alice):
    other = scenario.budget_in("proposing", bob, organisation, slug="another")
    with pytest.raises(Refused) as refused:
        proposed(proposing, alice, envelope=scenario.envelope_of(other).pk)
    assert refused.value.verdict.code == "no_envelope"


def test_nobody_proposes_without_signing_in_nor_when_it_is_not_time(proposing, nobody, alice):
    with pytest.raises(Refused) as refused:
        proposed(proposing, nobody)
    assert refused.value.verdict.status == 401
    with pytest.raises(Refused) as refused:
        proposed(scenario.move_to(proposing, "costing"), alice)
    assert refused.value.verdict.code == "not_open_any_more"


def test_a_form_that_is_sent_twice_proposes_once(proposing, alice):
    once = uuid4()
    propose_project(alice, budget=proposing, idea=idea(proposing), once=once)
    with pytest.raises(IntegrityError, match="_sent_once"), transaction.atomic():
        propose_project(alice, budget=proposing, idea=idea(proposing), once=once)
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_projects_that_come_at_once_get_numbers_without_a_gap(proposing):
    people = [factories.person(f"Person {n}") for n in range(12)]

    def act(person):
        try:
            return proposed(proposing, person).number
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        numbers = list(pool.map(act, people))
    assert sorted(numbers) == list(range(1, 13))
    proposing.process.refresh_from_db()
    counted = recounted_process(proposing.process)
    assert proposing.process.participant_count == counted["participant_count"] == 12
    assert proposing.process.contribution_count == 12


def test_an_edit_keeps_the_earlier_text(proposing, alice):
    project = proposed(proposing, alice)
    edit_project(
        alice, project_id=project.pk, idea=idea(proposing, title="Two fountains", body="Two.")
    )
    project.refresh_from_db()
    revision = project.revisions.get()
    assert (revision.title, revision.estimate) == ("A fountain", Decimal(12_000))
    assert revision.body == "A fountain in the **square**, with a bench."
    assert project.body_html == "<p>Two.</p>\n"
    assert project.edited_at is not None
    assert project.subject.title == "Two fountains"
    assert Entry.objects.filter(subject=project.subject, kind="proposal_edited").count() == 1


def test_an_edit_that_changes_nothing_leaves_no_trace(proposing, alice):
    project = proposed(proposing, alice)
    edit_project(alice, project_id=project.pk, idea=idea(proposing))
    project.refresh_from_db()
    assert project.edited_at is None
    assert not project.revisions.exists()
    assert not Entry.objects.filter(kind="proposal_edited").exists()


def test_a_new_place_is_an_edit_without_an_earlier_text(proposing, alice):
    project = proposed(proposing, alice)
    edit_project(alice, project_id=project.pk, idea=idea(proposing, place="At the station"))
    project.refresh_from_db()
    assert project.place == "At the station"
    assert not project.revisions.exists()


def test_others_do_not_edit_it_nor_take_it_back(proposing, alice, charlie, bob, nobody):
    project = proposed(proposing, alice)
    for person, status in ((charlie, 403), (bob, 403), (nobody, 401)):
        for act in (
            lambda p: edit_project(p, project_id=project.pk, idea=idea(proposing, title="Mine")),
            lambda p: withdraw_project(p, project_id=project.pk),
        ):
            with pytest.raises(Refused) as refused:
                act(person)
            assert refused.value.verdict.status == status


def test_a_revision_that_was_asked_for_can_be_made_after_its_phase(proposing, alice):
    project = proposed(proposing, alice)
    budget = scenario.move_to(proposing, "costing")
    with pytest.raises(Refused):
        edit_project(alice, project_id=project.pk, idea=idea(budget, body="Better."))
    Project.objects.filter(pk=project.pk).update(
        revision_asked_at=project.created_at,
        revision_due_at=budget.process.timetable.now + scenario.LENGTH,
        revision_reason="Where exactly?",
    )
    edit_project(alice, project_id=project.pk, idea=idea(budget, body="By the church."))
    project.refresh_from_db()
    assert project.revised_at is not None
    with pytest.raises(Refused):
        edit_project(alice, project_id=project.pk, idea=idea(budget, body="Elsewhere."))


def test_a_revision_that_comes_late_is_refused(proposing, alice):
    project = proposed(proposing, alice)
    budget = scenario.move_to(proposing, "costing")
    now = budget.process.timetable.now
    Project.objects.filter(pk=project.pk).update(revision_asked_at=now, revision_due_at=now)
    with pytest.raises(Refused):
        edit_project(alice, project_id=project.pk, idea=idea(budget, body="By the church."))


def test_a_withdrawn_project_stays_to_be_read_and_counts_no_more(proposing, alice):
    project = proposed(proposing, alice)
    withdraw_project(alice, project_id=project.pk)
    project = Project.objects.select_related("subject", "budget__poll").get(pk=project.pk)
    assert project.stage == Stage.WITHDRAWN
    proposing.process.refresh_from_db()
    assert proposing.process.contribution_count == 0
    assert Entry.objects.filter(subject=project.subject, kind="proposal_withdrawn").count() == 1
    with pytest.raises(Refused):
        withdraw_project(alice, project_id=project.pk)
    assert not Project.objects.standing().exists()


def test_a_hidden_project_can_neither_be_edited_nor_withdrawn(proposing, alice, mona):
    project = proposed(proposing, alice)
    hide(mona, thing=project.subject, rule="advertising", reason="Advertising.")
    for act in (
        lambda: edit_project(alice, project_id=project.pk, idea=idea(proposing, body="No.")),
        lambda: withdraw_project(alice, project_id=project.pk),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.verdict.status == 409


def test_nothing_is_withdrawn_once_voting_is_open(voting, alice):
    project = voting.projects.select_related("subject").filter(subject__author=alice).first()
    with pytest.raises(Refused) as refused:
        withdraw_project(alice, project_id=project.pk)
    assert refused.value.verdict.code == "voting_open"


def test_nothing_is_withdrawn_from_a_budget_that_was_closed(proposing, alice, bob):
    project = proposed(proposing, alice)
    close_budget(bob, budget=scenario.fresh(proposing), reason="There is no money after all.")
    with pytest.raises(Refused) as refused:
        withdraw_project(alice, project_id=project.pk)
    assert refused.value.verdict.code == "closed"
    project.subject.refresh_from_db()
    assert project.subject.withdrawn_at is None


def test_two_projects_cannot_have_one_number(proposing, alice):
    first, second = proposed(proposing, alice), proposed(proposing, alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=second.pk).update(number=first.number)
