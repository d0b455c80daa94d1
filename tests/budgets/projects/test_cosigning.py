"""Others sign a project, each once; the count is exact however many press at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from budgets.actions.cosigning import cosign, take_back_cosignature
from budgets.actions.projects import withdraw_project
from budgets.kinds import Stage
from budgets.models import Budget, Cosignature, Project
from common.verdicts import Refused
from opendata import recount
from processes.models import Participation
from tests import factories
from tests.budgets import scenario
from tests.budgets.projects.ideas import proposed


@pytest.fixture
def fountain(proposing, alice) -> Project:
    """Alice's project, which needs two co-signers."""
    Budget.objects.filter(pk=proposing.pk).update(cosigners_needed=2)
    return proposed(proposing, alice)


def _stage(project):
    return Project.objects.select_related("subject", "budget__poll").get(pk=project.pk).stage


def test_enough_signatures_take_it_to_the_next_stage(fountain, charlie, bob):
    assert _stage(fountain) == Stage.COSIGNING
    assert cosign(charlie, project_id=fountain.pk) == 1
    assert _stage(fountain) == Stage.COSIGNING
    assert cosign(bob, project_id=fountain.pk) == 2
    assert _stage(fountain) == Stage.PROPOSED
    assert take_back_cosignature(bob, project_id=fountain.pk) == 1
    assert _stage(fountain) == Stage.COSIGNING


def test_a_second_signature_of_one_person_changes_nothing(fountain, charlie):
    assert cosign(charlie, project_id=fountain.pk) == 1
    assert cosign(charlie, project_id=fountain.pk) == 1
    assert take_back_cosignature(charlie, project_id=fountain.pk) == 0
    assert take_back_cosignature(charlie, project_id=fountain.pk) == 0


def test_who_signs_takes_part(fountain, charlie):
    cosign(charlie, project_id=fountain.pk)
    assert Participation.objects.filter(process=fountain.budget.process, user=charlie).exists()
    fountain.budget.process.refresh_from_db()
    assert fountain.budget.process.participant_count == 2


def test_neither_its_author_nor_nobody_signs_it(fountain, alice, nobody):
    for person, code in ((alice, "own_project"), (nobody, "sign_in_first")):
        with pytest.raises(Refused) as refused:
            cosign(person, project_id=fountain.pk)
        assert refused.value.verdict.code == code


def test_nothing_is_signed_when_it_is_not_time(fountain, charlie):
    cosign(charlie, project_id=fountain.pk)
    scenario.move_to(fountain.budget, "costing")
    for act in (cosign, take_back_cosignature):
        with pytest.raises(Refused) as refused:
            act(charlie, project_id=fountain.pk)
        assert refused.value.verdict.code == "not_open_any_more"
    assert Cosignature.objects.count() == 1


def test_a_withdrawn_project_is_signed_by_nobody(fountain, alice, charlie):
    withdraw_project(alice, project_id=fountain.pk)
    with pytest.raises(Refused) as refused:
        cosign(charlie, project_id=fountain.pk)
    assert refused.value.verdict.code == "not_standing"


def test_what_is_not_there_is_not_found(charlie):
    with pytest.raises(Refused) as refused:
        cosign(charlie, project_id=987_654)
    assert refused.value.verdict.status == 404


@pytest.mark.django_db(transaction=True)
def test_the_count_is_exact_when_fifty_press_at_once_and_each_twice(fountain):
    people = [factories.person(f"Person {n}") for n in range(25)] * 2

    def act(person):
        try:
            cosign(person, project_id=fountain.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(act, people))
    fountain.refresh_from_db()
    assert fountain.cosignature_count == Cosignature.objects.count() == 25


def test_the_database_alone_refuses_a_second_signature(fountain, charlie):
    cosign(charlie, project_id=fountain.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cosignature.objects.create(project=fountain, user=charlie)


def test_a_recount_finds_and_repairs_a_wrong_count(fountain, charlie):
    cosign(charlie, project_id=fountain.pk)
    Project.objects.filter(pk=fountain.pk).update(cosignature_count=7)
    process = fountain.budget.process_id
    [found] = recount.check(process).drifts
    assert (found.counter, found.stored, found.counted) == ("cosignature_count", 7, 1)
    recount.repair(process)
    assert recount.check(process).is_clean
    fountain.refresh_from_db()
    assert fountain.cosignature_count == 1
