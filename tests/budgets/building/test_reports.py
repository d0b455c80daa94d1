"""Steps are promised once; reports tell how it goes, and stay."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from budgets.actions.milestones import add_milestone, remove_milestone, rename_milestone
from budgets.actions.reports import News, give_up, report_built, report_delay, report_progress
from budgets.kinds import Stage
from budgets.models import Milestone, Project, Report
from common.verdicts import Refused
from processes.kinds import EntryKind
from processes.models import Entry
from tests.budgets.building.conftest import Built

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def news(body: str = "The ground was dug.", **more: object) -> News:
    return News(**{"body": body, "language": "en", **more})  # type: ignore[arg-type]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.verdict.code


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def step(owner: User, project: Project, in_days: int = 30, title: str = "Digging") -> Milestone:
    day = TODAY() + timedelta(days=in_days)
    return add_milestone(owner, project=project, title={"en": title}, planned_on=day)


def test_a_step_is_promised_and_says_when_the_project_will_be_complete(
    chosen: Built, bob: User
) -> None:
    park = chosen.project(1)
    step(bob, park, 30)
    last = step(bob, park, 60, "Opening")
    assert fresh(park).expected_on == last.planned_on
    step(bob, park, 10, "Planning")
    assert fresh(park).expected_on == last.planned_on


def test_only_the_body_tells_and_only_of_chosen_projects(
    chosen: Built, bob: User, otto: User, edith: User, alice: User, olga: User
) -> None:
    park, pool = chosen.project(1), chosen.project(2)
    for person, code in ((AnonymousUser(), "sign_in_first"), (alice, ""), (olga, "")):
        said = refused(lambda who=person: report_progress(who, project=park, news=news()))
        assert said == code or not code
        said = refused(lambda who=person: step(who, park))
        assert said == code or not code
    assert Report.objects.count() == 0 and Milestone.objects.count() == 0
    assert refused(lambda: report_progress(bob, project=pool, news=news())) == "not_chosen"
    assert refused(lambda: step(bob, pool)) == "not_chosen"
    for person in (bob, otto, edith):
        report_progress(person, project=park, news=news())
    assert Report.objects.filter(project=park).count() == 3


def test_the_first_progress_begins_the_work_and_a_delay_does_not(chosen: Built, bob: User) -> None:
    park = chosen.project(1)
    report_delay(bob, project=park, news=news("No ground."), expected_on=TODAY() + timedelta(9))
    assert fresh(park).started_on is None
    report_progress(bob, project=park, news=news(spent=Decimal("1200.50")))
    row = chosen.project(1)
    assert (row.started_on, row.spent, row.stage) == (TODAY(), Decimal("1200.50"), Stage.BUILDING)


def test_a_step_is_reached_once_and_never_in_the_future(chosen: Built, bob: User) -> None:
    park = chosen.project(1)
    digging = step(bob, park)
    tomorrow = TODAY() + timedelta(days=1)
    early = {"project": park, "news": news(), "milestone": digging}
    assert refused(lambda: report_progress(bob, reached_on=tomorrow, **early)) == "not_yet"
    report_progress(bob, reached_on=TODAY(), **early)
    digging.refresh_from_db()
    assert digging.reached_on == TODAY()
    assert refused(lambda: report_progress(bob, **early)) == "reached_already"
    later = {"news": news("Rain."), "expected_on": TODAY() + timedelta(99)}
    again = refused(lambda: report_delay(bob, project=park, milestone=digging, **later))
    assert again == "reached_already"
    assert Report.objects.count() == 1


def test_a_step_of_another_project_is_not_reached(chosen: Built, bob: User) -> None:
    other = step(bob, chosen.project(3))
    late = {"project": chosen.project(1), "news": news(), "milestone": other}
    assert refused(lambda: report_progress(bob, **late)) == "reached_already"
    soon = TODAY() + timedelta(days=90)
    assert refused(lambda: report_delay(bob, expected_on=soon, **late)) == "not_found"
    other.refresh_from_db()
    assert other.reached_on is None and other.expected_on == other.planned_on


def test_a_delay_moves_what_is_expected_with_a_reason_and_keeps_the_promise(
    chosen: Built, bob: User
) -> None:
    park = chosen.project(1)
    digging = step(bob, park, 30)
    later = digging.planned_on + timedelta(days=20)
    empty = News(body="  ", language="en")
    moved = {"project": park, "milestone": digging, "expected_on": later}
    assert refused(lambda: report_delay(bob, news=empty, **moved)) == "reason_missing"
    same = moved | {"expected_on": digging.planned_on, "news": news("Rain.")}
    assert refused(lambda: report_delay(bob, **same)) == "not_later"
    report = report_delay(bob, news=news("Rain."), **moved)
    digging.refresh_from_db()
    assert (digging.planned_on, digging.expected_on) == (later - timedelta(days=20), later)
    assert fresh(park).expected_on == later
    entry = Entry.objects.get(kind=EntryKind.PROJECT_DELAYED)
    assert entry.subject_id == park.subject_id
    assert entry.data == {
        "report": report.pk,
        "reason": "Rain.",
        "language": "en",
        "expected_on": later.isoformat(),
    }


def test_the_database_itself_keeps_promises_and_reports(chosen: Built, bob: User) -> None:
    park = chosen.project(1)
    digging = step(bob, park)
    report = report_progress(bob, project=park, news=news())
    moves = (
        lambda: Milestone.objects.filter(pk=digging.pk).update(planned_on=date(2020, 1, 1)),
        lambda: Milestone.objects.filter(pk=digging.pk).update(
            expected_on=digging.planned_on + timedelta(days=1)
        ),
        lambda: Report.objects.filter(pk=report.pk).update(body="It is fine."),
        lambda: Report.objects.filter(pk=report.pk).delete(),
    )
    for move in moves:
        with pytest.raises(DatabaseError, match=r"kenes:|Cannot"), transaction.atomic():
            move()


def test_a_step_that_was_a_mistake_goes_within_a_day(chosen: Built, bob: User) -> None:
    park = chosen.project(1)
    mistake, old, named = (step(bob, park, days) for days in (10, 20, 30))
    remove_milestone(bob, milestone=mistake)
    assert fresh(park).expected_on == named.planned_on
    Milestone.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert refused(lambda: remove_milestone(bob, milestone=old)) == "step_stays"
    later = named.planned_on + timedelta(days=1)
    report_delay(bob, project=park, news=news("Rain."), milestone=named, expected_on=later)
    assert refused(lambda: remove_milestone(bob, milestone=named)) == "step_stays"
    assert park.milestones.count() == 2


def test_a_step_has_a_name_in_the_languages_of_the_budget(chosen: Built, bob: User) -> None:
    digging = step(bob, chosen.project(1))
    title = {"en": " Digging  deep ", "fr": "Creuser", "de": "Graben"}
    rename_milestone(bob, milestone=digging, title=title)
    digging.refresh_from_db()
    assert digging.title == {"en": "Digging deep", "fr": "Creuser"}
    nothing = {"en": " "}
    assert (
        refused(lambda: rename_milestone(bob, milestone=digging, title=nothing)) == "title_missing"
    )


def test_completed_is_once_and_reaches_every_open_step(chosen: Built, bob: User) -> None:
    park = chosen.project(1)
    digging = step(bob, park)
    yesterday = TODAY() - timedelta(days=1)
    done = {"project": park, "news": news("Children play.", spent=Decimal(31000))}
    later = TODAY() + timedelta(days=1)
    assert refused(lambda: report_built(bob, built_on=later, **done)) == "not_yet"
    report_built(bob, built_on=yesterday, **done)
    digging.refresh_from_db()
    row = chosen.project(1)
    assert (row.built_on, row.stage, row.spent) == (yesterday, Stage.BUILT, Decimal(31000))
    assert (digging.reached_on, row.started_on) == (yesterday, yesterday)
    assert refused(lambda: report_built(bob, built_on=yesterday, **done)) == "over"
    assert refused(lambda: give_up(bob, project=park, news=news("No."))) == "over"
    assert refused(lambda: step(bob, park)) == "over"


def test_later_bills_are_reported_and_change_nothing_else(chosen: Built, bob: User) -> None:
    park = chosen.project(1)
    report_built(bob, project=park, news=news(), built_on=TODAY())
    before = fresh(park)
    report_progress(bob, project=park, news=news("The last bill.", spent=Decimal("32000.10")))
    after = fresh(park)
    assert after.spent == Decimal("32000.10")
    assert (after.built_on, after.started_on) == (before.built_on, before.started_on)


def test_giving_up_needs_a_reason_and_is_for_good(chosen: Built, bob: User) -> None:
    bridge = chosen.project(3)
    empty = News(body="", language="en")
    assert refused(lambda: give_up(bob, project=bridge, news=empty)) == "reason_missing"
    give_up(bob, project=bridge, news=news("The river moved."))
    assert chosen.project(3).stage == Stage.CANCELLED
    assert refused(lambda: give_up(bob, project=bridge, news=news("Again."))) == "over"
    assert Entry.objects.get(kind=EntryKind.PROJECT_CANCELLED).data["reason"] == "The river moved."


def test_a_form_sent_twice_makes_one_report(chosen: Built, bob: User) -> None:
    park, once = chosen.project(1), uuid4()
    first = report_built(bob, project=park, news=news(once=once), built_on=TODAY())
    again = report_built(bob, project=park, news=news(once=once), built_on=TODAY())
    assert first.pk == again.pk
    assert Entry.objects.filter(kind=EntryKind.PROJECT_BUILT).count() == 1


@pytest.mark.parametrize("spent", ["-1", "0.001", "NaN", "1e13"])
def test_no_amount_that_cannot_be(chosen: Built, bob: User, spent: str) -> None:
    told = news(spent=Decimal(spent))
    code = refused(lambda: report_progress(bob, project=chosen.project(1), news=told))
    assert code in ("money_unlikely", "money_too_fine")
