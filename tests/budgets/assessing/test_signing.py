"""A second person signs; decisions become public one by one or all at one moment."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from budgets.actions.assessing import take_back
from budgets.actions.signing import (
    decision_html,
    publish_assessment,
    publish_assessments,
    reopen_assessment,
    send_back,
    sign_assessment,
)
from budgets.models import Assessment, AssessmentEvent, Budget, Project
from common.verdicts import Refused
from processes.models import Entry
from tests.budgets import scenario
from tests.budgets.assessing.helpers import (
    BAD,
    GOOD,
    again,
    published,
    seen_of,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db


def refused_with(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.code


def test_another_person_signs(park: Project, otto: User, bob: User) -> None:
    row = signed(park, otto, bob)
    assert (row.proposed_by, row.signed_by) == (otto, bob)
    assert row.signed_at is not None


def test_nobody_signs_what_they_submitted(park: Project, bob: User) -> None:
    submitted(park, bob)
    code = refused_with(lambda: sign_assessment(bob, project=park, seen=seen_of(park)))
    assert code == "same_person"


def test_the_database_alone_refuses_one_person_twice(park: Project, bob: User) -> None:
    row = submitted(park, bob)
    broken = pytest.raises(IntegrityError, match="assessment_is_signed_by_another")
    with broken, transaction.atomic():
        Assessment.objects.filter(pk=row.pk).update(signed_at=Now(), signed_by=bob)


def test_the_trail_is_never_changed(park: Project, otto: User) -> None:
    row = submitted(park, otto)
    for act in (
        lambda: AssessmentEvent.objects.filter(assessment=row).update(actor=None),
        lambda: AssessmentEvent.objects.filter(assessment=row).delete(),
    ):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            act()


@pytest.mark.parametrize("who", ["nobody", "alice", "otto", "olga", "ida"])
def test_only_coordinators_sign_and_publish(
    who: str, park: Project, costing: Budget, edith: User, request: Any
) -> None:
    submitted(park, edith)
    person = request.getfixturevalue(who)
    for act in (
        lambda: sign_assessment(person, project=park, seen=seen_of(park)),
        lambda: send_back(person, project=park, note="No"),
        lambda: publish_assessment(person, project=park),
        lambda: publish_assessments(person, budget=costing),
        lambda: reopen_assessment(person, project=park, note="No", language="en"),
    ):
        assert refused_with(act) in (
            "sign_in_first",
            "not_of_this_body",
            "role_too_small",
        )


def test_signing_needs_a_submission_and_happens_once(
    park: Project, otto: User, bob: User, edith: User
) -> None:
    scene = lambda person: lambda: sign_assessment(person, project=park, seen=seen_of(park))  # noqa: E731
    assert refused_with(scene(bob)) == "not_submitted"
    signed(park, otto, bob)
    assert refused_with(scene(edith)) == "decided"
    assert refused_with(lambda: take_back(otto, project=park)) == "decided"


def test_what_changed_since_it_was_read_is_not_signed(park: Project, otto: User, bob: User) -> None:
    submitted(park, otto)
    read = seen_of(park)
    take_back(otto, project=park)
    submitted(park, otto, BAD)
    code = refused_with(lambda: sign_assessment(bob, project=park, seen=read))
    assert code == "changed_meanwhile"


def test_it_is_sent_back_with_a_note(park: Project, otto: User, bob: User) -> None:
    signed(park, otto, bob)
    assert refused_with(lambda: send_back(bob, project=park, note=" ")) == "reason_missing"
    send_back(bob, project=park, note="Which ground?")
    row = Assessment.objects.get(project=park)
    assert (row.proposed_at, row.signed_at, row.reason) == (None, None, GOOD.reason)
    assert row.events.last().data == {"note": "Which ground?"}
    assert refused_with(lambda: send_back(bob, project=park, note="Again")) == "not_submitted"
    submitted(park, otto)


def test_publishing_writes_the_decision_on_the_project(
    park: Project, otto: User, bob: User
) -> None:
    row = published(park, otto, bob)
    assert (row.is_feasible, row.cost, row.running_cost) == (True, GOOD.cost, GOOD.running_cost)
    assert row.decision_html == "<p>The ground is <strong>ours</strong>.</p>\n"
    assert row.decided_at is not None
    entry = Entry.objects.get(kind="project_assessed")
    assert (entry.subject, entry.actor, entry.data) == (row.subject, bob, {"feasible": True})
    assert refused_with(lambda: publish_assessment(bob, project=park)) == "nothing_to_publish"
    assert refused_with(lambda: send_back(bob, project=park, note="No")) == "decided"
    assert Entry.objects.filter(kind="project_assessed").count() == 1


def test_what_is_not_signed_is_not_published(
    park: Project, costing: Budget, otto: User, bob: User
) -> None:
    submitted(park, otto)
    assert refused_with(lambda: publish_assessment(bob, project=park)) == "nothing_to_publish"
    assert refused_with(lambda: publish_assessments(bob, budget=costing)) == "nothing_to_publish"
    assert again(park).decided_at is None


def test_all_that_is_signed_is_published_at_one_moment(
    park: Project, pool: Project, costing: Budget, alice: User, otto: User, bob: User
) -> None:
    bridge = scenario.project(costing, alice, "A bridge")
    hidden = scenario.project(costing, alice, "A tower")
    for row in (park, hidden):
        signed(row, otto, bob)
    signed(pool, otto, bob, BAD)
    submitted(bridge, otto)
    hidden.subject.hidden_at = costing.created_at
    hidden.subject.save(update_fields=["hidden_at"])
    assert publish_assessments(bob, budget=costing) == 2
    moments = {again(row).decided_at for row in (park, pool)}
    assert len(moments) == 1
    costing.refresh_from_db(fields=["decisions_published_at"])
    assert {costing.decisions_published_at} == moments
    assert [again(row).is_feasible for row in (park, pool)] == [True, False]
    assert [again(row).decided_at for row in (bridge, hidden)] == [None, None]
    assert Entry.objects.filter(kind="project_assessed").count() == 2
    entry = Entry.objects.get(kind="decisions_published")
    assert (entry.subject, entry.data) == (None, {"count": 2, "feasible": 1})
    assert list(Project.objects.for_ballot().filter(budget=costing)) == [park]


def test_what_is_published_at_one_moment_is_one_line_of_news(
    park: Project, pool: Project, costing: Budget, alice: User, otto: User, bob: User, client: Any
) -> None:
    bridge = published(scenario.project(costing, alice, "A bridge"), otto, bob)
    base = f"/en/budgets/{costing.process.slug}/"
    signed(park, otto, bob)
    signed(pool, otto, bob, BAD)
    reopen_assessment(bob, project=bridge, note="Steel costs more.", language="en")
    signed(bridge, otto, bob)
    assert publish_assessments(bob, budget=costing) == 3
    for path in ("activity/", "feed/"):
        text = client.get(f"{base}{path}").content.decode()
        assert text.count("2 projects are assessed") >= 1, path
        assert "1 can be done. 1 cannot be done." in text
        assert f"{base}projects/" in text
        assert "done: A park" not in text and "done: A pool" not in text
        assert text.count("It can be done: A bridge") >= 2, "what is corrected stands alone"


def test_thirty_are_published_with_as_many_queries_as_three(
    costing: Budget, alice: User, otto: User, bob: User
) -> None:
    numbers = []
    for many in (3, 30):
        for number in range(many):
            signed(scenario.project(costing, alice, f"Tree {many}.{number}"), otto, bob)
        with CaptureQueriesContext(connection) as captured:
            assert publish_assessments(bob, budget=costing) == many
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 12


def test_nothing_is_published_or_corrected_once_voting_has_opened(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User
) -> None:
    published(park, otto, bob)
    signed(pool, otto, bob)
    scenario.move_to(costing, "voting")
    for act in (
        lambda: publish_assessment(bob, project=again(pool)),
        lambda: publish_assessments(bob, budget=scenario.fresh(costing)),
        lambda: publish_assessments(bob, budget=costing),
        lambda: reopen_assessment(bob, project=again(park), note="Oh", language="en"),
    ):
        assert refused_with(act) == "voting_open"


def test_a_published_decision_is_corrected_through_the_same_two_steps(
    park: Project, costing: Budget, otto: User, bob: User, edith: User
) -> None:
    published(park, otto, bob)
    first = again(park)
    reopen_assessment(bob, project=park, note="A digit was *missing*.", language="en")
    assert again(park).cost == GOOD.cost, "what was published holds until then"
    better = replace(GOOD, cost=Decimal(29_000))
    scenario.move_to(costing, "reviewing")  # corrections do not wait for the phase
    submitted(again(park), edith, better)
    assert (
        refused_with(lambda: sign_assessment(edith, project=park, seen=seen_of(park)))
        == "same_person"
    )
    sign_assessment(bob, project=park, seen=seen_of(park))
    publish_assessment(bob, project=park)
    row = again(park)
    assert (row.cost, row.decided_at) == (Decimal(29_000), first.decided_at)
    assert "<em>missing</em>" in row.decision_html
    assert 'lang="en"' in row.decision_html
    entry = Entry.objects.filter(kind="project_assessed").latest("pk")
    assert entry.data == {
        "feasible": True,
        "corrected": True,
        "reason": "A digit was *missing*.",
        "language": "en",
    }
    steps = [event.step for event in Assessment.objects.get(project=park).events.all()]
    assert steps == [
        "written", "proposed", "signed", "published", "reopened",
        "written", "proposed", "signed", "published",
    ]  # fmt: skip


def test_only_what_is_published_is_corrected_and_with_a_note(
    park: Project, otto: User, bob: User
) -> None:
    reopen = lambda note: lambda: reopen_assessment(bob, project=park, note=note, language="en")  # noqa: E731
    assert refused_with(reopen("Oh")) == "not_published"
    published(park, otto, bob)
    assert refused_with(reopen(" ")) == "reason_missing"


@settings(max_examples=50)
@given(reason=st.text(max_size=60), note=st.text(min_size=1, max_size=60))
def test_no_words_break_out_of_a_decision(reason: str, note: str) -> None:
    row = Assessment(
        reason=f"<script>{reason}", correction=f"</div><b>{note}", changed_at=timezone.now()
    )
    html = decision_html(row)
    assert html.startswith('<div class="correction" lang="en">')
    assert "<script" not in html
    assert html.count("</div>") == 1
