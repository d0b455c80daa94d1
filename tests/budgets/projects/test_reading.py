"""What pages read of budgets and projects."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from budgets.filters import stage_of, standing_in
from budgets.kinds import Stage
from budgets.models import Budget, Conflict, Project
from budgets.reading import BUDGET, WITH_ABOUT, counts_of, latest_of, pots_of, read_project
from budgets.rows import signatures
from tests.budgets import scenario
from tests.budgets.projects.ideas import proposed


def test_money_is_read_exactly(bob, organisation):
    budget = scenario.budget_in(
        "proposing", bob, organisation, envelopes=[("All", 100_000)], categories={"Parks": 0}
    )
    scenario.envelope_of(budget)
    type(budget).objects.get(pk=budget.pk).envelopes.update(amount=Decimal("99999999999.99"))
    for read in (BUDGET, WITH_ABOUT):
        found = read.first(slug=budget.process.slug)
        [pot] = pots_of(found)
        assert pot.amount == Decimal("99999999999.99")
        assert pot.title.text == "All"


def test_a_project_is_read_with_all_that_frames_it(proposing, alice, charlie, nobody):
    mine, other = proposed(proposing, alice), proposed(proposing, charlie, title="Water")
    conflict = Conflict.objects.create(budget=proposing, reason="One square.")
    conflict.projects.set([mine, other])
    found = read_project(nobody, slug=proposing.process.slug, subject_id=mine.subject_id)
    assert found.pk == mine.pk
    assert found.my_value is None
    assert not found.has_signed
    assert found.pictures_json == found.merged_json == found.asked_json == []
    [rival] = found.rivals_json
    assert [row["title"] for row in rival["projects"]] == ["Water"]
    assert read_project(nobody, slug="elsewhere", subject_id=mine.subject_id) is None


def test_projects_are_counted(proposing, alice):
    assert counts_of(proposing.pk) == {}
    proposed(proposing, alice)
    proposed(proposing, alice, title="Water")
    assert counts_of(proposing.pk) == {"projects": 2, "chosen": 0, "built": 0, "signatures": 0}
    assert [row.title for row in latest_of(proposing.pk)] == ["Water", "A fountain"]


@pytest.mark.parametrize(
    ("needed", "days", "stage"),
    [
        (0, 1, Stage.REVISION),
        (0, -1, Stage.PROPOSED),
        (2, 1, Stage.REVISION),
        (2, -1, Stage.COSIGNING),
    ],
)
def test_a_project_is_being_revised_until_its_time_has_run_out(
    needed, days, stage, proposing, alice
):
    project = proposed(proposing, alice)
    Budget.objects.filter(pk=proposing.pk).update(cosigners_needed=needed)
    now = timezone.now()
    asked = {"revision_asked_at": now - timedelta(days=2), "revision_reason": "Where?"}
    rows = Project.objects.filter(pk=project.pk)
    rows.update(**asked, revision_due_at=now + timedelta(days=days))
    assert rows.select_related("subject", "budget__poll").get().stage == stage
    budget = scenario.fresh(proposing)
    offered = (Stage.COSIGNING, Stage.PROPOSED, Stage.REVISION)
    found = [one for one in offered if standing_in(budget.pk).filter(stage_of(one, budget))]
    assert found == [stage]


@pytest.mark.parametrize(
    ("signed", "needed", "words"),
    [
        (1, 0, "1 co-signer"),
        (1, 2, "1 of 2 co-signers"),
        (2, 2, "2 of 2 co-signers"),
        (5, 2, "5 co-signers; 2 were needed"),
        (5, 1, "5 co-signers; 1 was needed"),
    ],
)
def test_signatures_are_told_in_words_that_fit_their_number(signed, needed, words):
    assert f">{words}<" in signatures(signed, needed, "en")
