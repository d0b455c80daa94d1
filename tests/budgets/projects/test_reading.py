"""What pages read of budgets and projects."""

from decimal import Decimal

from budgets.models import Conflict
from budgets.reading import BUDGET, WITH_ABOUT, counts_of, latest_of, pots_of, read_project
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
