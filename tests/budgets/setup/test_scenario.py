"""The budgets that other tests begin with are what they say."""

import pytest

from budgets.kinds import Stage
from common.verdicts import Refused
from tests.budgets.scenario import PHASES, budget_in, envelope_of, move_to, project


def test_a_budget_is_in_the_phase_asked_for(bob, organisation):
    for phase in PHASES:
        budget = budget_in(phase, bob, organisation)
        current = budget.process.timetable.current
        assert [span.id for span in budget.process.timetable.spans].index(
            current.id
        ) == PHASES.index(phase)


def test_voting_opens_with_the_projects_that_are_on_the_ballot(voting):
    asked = list(voting.poll.questionnaire.questions())
    assert [option.label["en"] for option in asked[0].options] == ["A park", "A pool", "A bridge"]
    assert asked[0].key == envelope_of(voting).key
    assert {row.stage for row in voting.projects.select_related("subject", "budget__poll")} == {
        Stage.ON_BALLOT
    }


def test_a_project_that_nobody_decided_on_is_not_on_the_ballot(costing, alice):
    project(costing, alice, "A tower")
    with pytest.raises(Refused, match="questions_unfit"):
        move_to(costing, "voting")
