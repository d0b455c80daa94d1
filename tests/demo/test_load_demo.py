"""The demonstration is loaded once, by actions, and every figure in it is right."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from answers.models import Obligation
from budgets.models import Assessment, Budget, MergeRequest, Milestone, Report
from consultations.models import Change
from deliberation.models import Comment
from demo import accounts
from notifications.models import Delivery
from opendata import recount
from processes.kinds import Activity
from processes.models import Entry, Process
from processes.permissions import is_open_now
from voting.box import bundle
from voting.models import Poll, Turnout


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demonstration is there while the tests of this file run; what the command printed."""
    out = io.StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            call_command("load_demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(printed: str, settings: LazySettings, db: None) -> str:
    """What the command printed; what a test changes is taken back."""
    settings.DEMO = True
    return printed


def test_four_consultations_stand_at_four_moments(demonstration: str) -> None:
    published = Process.objects.published().filter(kind="consultation").with_status()
    statuses = dict(published.values_list("slug", "status"))
    assert statuses == {
        "streets-and-squares": "open",
        "school-streets": "upcoming",
        "quiet-nights": "closed",
    }
    assert Process.objects.get(published_at=None).slug == "allotments"
    closed = Process.objects.get(slug="quiet-nights")
    assert closed.results_published_at is not None
    assert closed.consultation.current.number == 2


def test_every_counter_equals_its_rows(demonstration: str) -> None:
    finding = recount.check()
    assert finding.is_clean, finding


def test_answers_are_owed_given_and_late(demonstration: str) -> None:
    owed = Obligation.objects.filter(process__slug="streets-and-squares")
    assert owed.filter(answered_at=None).count() == 2
    assert owed.exclude(answered_at=None).count() == 2
    late = Obligation.objects.exclude(late_at=None)
    assert [row.subject.title for row in late] == ["No exceptions"]
    assert all(row.late_at >= row.due_at for row in late)


def test_each_change_of_the_text_says_who_moved_it(demonstration: str) -> None:
    changes = Change.objects.all()
    assert changes.count() == 4
    assert all(change.note and change.moved_by.exists() for change in changes)


def test_everyone_who_took_part_has_a_letter(demonstration: str) -> None:
    process = Process.objects.get(slug="quiet-nights")
    letters = Delivery.objects.filter(
        entry__kind="results_published", entry__process=process, channel="site"
    )
    assert letters.count() == process.participant_count > 20
    assert not letters.filter(sent_at=None).exists()
    assert User.objects.get(email=accounts()[0].email).deliveries.filter(channel="site").exists()


def test_three_polls_stand_at_their_moments(demonstration: str) -> None:
    rows = Poll.objects.filter(process__kind="poll").select_related("process")
    polls = {poll.process.slug: poll for poll in rows}
    assert len(polls) == 3
    trust = polls["you-and-the-town-hall"]
    assert (trust.closed_at, trust.turnout_count) == (None, 60)
    assert len(list(trust.questionnaire.questions())) == 12
    for slug in ("how-good-were-our-counters", "which-square-comes-first"):
        poll = polls[slug]
        assert poll.opened_at < poll.closed_at < poll.counted_at < timezone.now()
        assert poll.outcomes.exists()
    service = polls["how-good-were-our-counters"]
    assert service.turnout_count == 290
    channels = service.outcomes.get(method="turnout").result["channels"]
    assert {row["key"]: row["count"] for row in channels} == {
        "web": 240,
        "paper": 30,
        "telephone": 20,
    }


def test_the_secret_vote_can_be_counted_again(demonstration: str, tmp_path: Path) -> None:
    poll = Poll.objects.get(secrecy="secret", process__kind="poll")
    path = tmp_path / "bundle.jsonl"
    path.write_text("".join(bundle(poll)), encoding="utf-8")
    tool = Path(__file__).resolve().parents[2] / "tools/recount.py"
    done = subprocess.run(
        [sys.executable, str(tool), str(path), "--root", poll.root],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert Turnout.objects.filter(poll=poll, channel="paper").count() == 9


def test_three_budgets_stand_at_their_moments(demonstration: str) -> None:
    budgets = {row.process.slug: row for row in Budget.objects.with_timetable()}
    for row in budgets.values():
        row.take_frame()
    ahead, now, past = (
        budgets[slug]
        for slug in ("ideas-of-the-young", "your-ideas-for-verlune", "budget-of-two-years-ago")
    )
    assert is_open_now(ahead.process, Activity.PROJECT)
    assert ahead.projects.filter(revision_due_at__gt=timezone.now()).count() == 1
    assert MergeRequest.objects.filter(project__budget=ahead, merged_at=None).count() == 1
    assert is_open_now(now.process, Activity.VOTE)
    assert now.poll.opened_at is not None
    assert now.poll.turnout_count == 30
    assert now.projects.for_ballot().count() == 12
    assert now.projects.filter(is_feasible=False).exclude(decision_html="").count() == 2
    citizen = User.objects.get(email=accounts()[0].email)
    assert not Turnout.objects.filter(poll=now.poll, user=citizen).exists()
    assert past.poll.opened_at < past.poll.closed_at < past.poll.counted_at < timezone.now()


def test_the_money_of_two_years_ago_was_spent_as_it_was_promised(demonstration: str) -> None:
    budget = Budget.objects.get(process__slug="budget-of-two-years-ago")
    stages = {
        project.subject.titles["en"]: project.stage
        for project in budget.projects.select_related("subject", "budget__poll")
    }
    assert stages == {
        "An orchard for everyone": "built",
        "The library opens on Sundays": "built",
        "A lift into the pool": "building",
        "An open-air stage at the market hall": "building",
        "A large fountain in the square": "not_chosen",
        "Nesting boxes for swifts": "built",
        "A garden for dogs": "not_chosen",
    }
    chosen = budget.projects.filter(chosen_at__isnull=False)
    assert sum(project.cost for project in chosen) <= budget.amount
    assert all(0 < project.spent <= project.cost for project in chosen)
    late = Milestone.objects.get(expected_on__gt=F("planned_on"))
    assert late.reached_on is None
    assert late.reports.get().kind == "delay"
    moments = list(Report.objects.order_by("pk").values_list("published_at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] < timezone.now()
    assert all(p.started_on <= p.built_on for p in chosen.filter(built_on__isnull=False))


def test_assessments_were_submitted_by_one_and_signed_by_another(demonstration: str) -> None:
    published = Assessment.objects.exclude(published_at=None)
    assert published.count() == 21
    assert not published.filter(signed_by=F("proposed_by")).exists()
    for row in published.select_related("project"):
        assert row.project.created_at < row.proposed_at < row.signed_at < row.published_at
        assert row.published_at < row.project.budget.poll.opened_at
        moments = list(row.events.order_by("pk").values_list("done_at", flat=True))
        assert moments == sorted(moments)


def test_what_happened_happened_in_order_and_in_the_past(demonstration: str) -> None:
    now = timezone.now()
    for process in Process.objects.published():
        moments = list(process.entries.order_by("pk").values_list("created_at", flat=True))
        assert moments == sorted(moments)
        assert moments[-1] < now
        assert process.created_at < process.published_at
    replies = Comment.objects.exclude(parent=None)
    assert replies.exists()
    assert not replies.filter(created_at__lt=F("parent__created_at")).exists()
    assert not Entry.objects.filter(consumed_at=None).exists()


def test_the_accounts_are_printed_one_a_line_and_can_sign_in(demonstration: str) -> None:
    lines = [line.split() for line in demonstration.strip().splitlines()]
    assert [role for _email, _password, role in lines] == [
        "citizen",
        "citizen",
        "official",
        "moderator",
        "administrator",
    ]
    people = [authenticate(None, username=email, password=word) for email, word, _ in lines]
    assert all(people)
    confirmed = User.objects.filter(emailaddress__verified=True, emailaddress__primary=True)
    assert confirmed.count() == len(people)
    official, moderator, administrator = people[2:]
    assert list(official.roles.values()) == ["owner"]
    assert moderator.is_moderator
    assert administrator.is_superuser
    assert administrator.is_staff


def test_loading_it_again_changes_nothing(demonstration: str) -> None:
    models = (User, Process, Comment, Entry, Delivery)
    before = [model.objects.count() for model in models]
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    assert [model.objects.count() for model in models] == before
    assert out.getvalue().endswith(demonstration)
