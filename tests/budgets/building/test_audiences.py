"""Who is told how a project gets on: everybody once, and in a secret poll nobody for having voted."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Group, GroupMember, Organisation, User
from budgets.actions.assessors import name_assessor, name_group
from budgets.actions.expiring import end_mergers
from budgets.actions.handing_out import hand_out
from budgets.actions.reports import News, give_up, report_built, report_delay, report_progress
from budgets.kinds import BallotKind, Rule
from budgets.models import Assessment, Assessor, Budget, Cosignature, MergeRequest
from budgets.tasks import mark_late
from common.ui import moments
from notifications import tasks
from notifications.actions import follow, stop_mail
from notifications.models import Delivery, Notice
from processes import journal
from processes.kinds import EntryKind
from processes.models import Entry
from processes.tasks import deliver_entries
from tests import factories
from tests.budgets.building.conftest import Built
from tests.budgets.results.ballots import counted, vote, with_projects
from tests.budgets.scenario import envelope_of, project

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    """Whose inbox has an unread notice of a kind, each as often as there are rows."""
    deliver_entries()
    rows = Notice.objects.filter(kind=kind, read_at__isnull=True)
    return sorted(rows.values_list("user__name", flat=True))


def mailed(kind: str) -> list[str]:
    rows = Delivery.objects.filter(channel="mail", entry__kind=kind)
    return sorted(rows.values_list("user__name", flat=True))


def news(body: str = "It goes well.") -> News:
    return News(body=body, language="en")


def names(*people: User) -> list[str]:
    return sorted(person.name for person in people)


def test_voters_author_signers_and_followers_are_told_once(
    chosen: Built, alice: User, bob: User, charlie: User, mona: User
) -> None:
    park = chosen.project(1)
    both, first, _second, third = chosen.voters
    Cosignature.objects.create(project=park, user=both)  # who also voted for it
    Cosignature.objects.create(project=park, user=charlie)
    follow(mona, subject=park.subject)
    follow(first, subject=park.subject)  # who also voted for it
    follow(bob, subject=park.subject)  # who tells
    report_progress(bob, project=park, news=news())
    assert told(EntryKind.PROJECT_PROGRESSED) == names(alice, both, first, charlie, mona)
    assert mailed(EntryKind.PROJECT_PROGRESSED) == []
    report_progress(bob, project=park, news=news())
    assert told(EntryKind.PROJECT_PROGRESSED) == names(alice, both, first, charlie, mona)
    bridge = chosen.project(3)
    report_progress(bob, project=bridge, news=news())
    deliver_entries()
    of_bridge = Notice.objects.filter(subject=bridge.subject_id)
    assert sorted(of_bridge.values_list("user__name", flat=True)) == names(alice, both, third)


@pytest.mark.parametrize("kind", ["delayed", "built", "cancelled"])
def test_what_weighs_is_mailed_too(chosen: Built, alice: User, bob: User, kind: str) -> None:
    park = chosen.project(1)
    soon = timezone.localdate() + timedelta(days=9)
    match kind:
        case "delayed":
            report_delay(bob, project=park, news=news("Rain."), expected_on=soon)
        case "built":
            report_built(bob, project=park, news=news(), built_on=timezone.localdate())
        case _:
            give_up(bob, project=park, news=news("Rain."))
    people = names(alice, *chosen.voters[:2])
    assert told(f"project_{kind}") == people
    assert mailed(f"project_{kind}") == people
    while tasks.send_batch():
        pass
    sent = [m for m in mail.outbox if "A park" in m.subject]
    assert sorted(m.to[0] for m in sent) == sorted(
        User.objects.filter(name__in=people).values_list("email", flat=True)
    )
    assert all("/projects/" in m.body and "\n-- \n" in m.body for m in sent)


def test_who_asked_for_silence_gets_no_mail(chosen: Built, bob: User, alice: User) -> None:
    stop_mail(alice, process_id=chosen.budget.process_id)
    give_up(bob, project=chosen.project(1), news=news("Rain."))
    assert told(EntryKind.PROJECT_CANCELLED) == names(alice, *chosen.voters[:2])
    assert mailed(EntryKind.PROJECT_CANCELLED) == names(*chosen.voters[:2])


def test_in_a_secret_poll_nobody_is_told_for_having_voted(
    secret: Built, alice: User, bob: User, charlie: User
) -> None:
    park = secret.project(1)
    follow(charlie, subject=park.subject)
    give_up(bob, project=park, news=news("Rain."))
    assert told(EntryKind.PROJECT_CANCELLED) == names(alice, charlie)
    assert mailed(EntryKind.PROJECT_CANCELLED) == names(alice, charlie)


@pytest.mark.parametrize(
    ("ballot", "yes", "no"),
    [
        (
            {"ballot": BallotKind.SHARE, "points": 10, "rule": Rule.GREEDY_BY_SCORE},
            {"points": {"p1": 7, "p3": 3}},
            {"points": {"p3": 10}},
        ),
        (
            {"ballot": BallotKind.RANKING, "rule": Rule.GREEDY_BY_SCORE},
            {"ranking": ["p3", "p1"]},
            {"ranking": ["p3"]},
        ),
        (
            {"ballot": BallotKind.KNAPSACK, "rule": Rule.GREEDY_BY_VOTES},
            {"options": ["p1", "p3"]},
            {"options": ["p3"]},
        ),
    ],
)
def test_whoever_gave_it_anything_voted_for_it(
    bob: User, alice: User, organisation: Organisation, ballot: dict, yes: dict, no: dict
) -> None:
    costs = {"A park": 30_000, "A pool": 80_000, "A bridge": 50_000}
    rules = {"secrecy": "confidential"}
    budget = with_projects(bob, organisation, alice, costs, ballot=ballot, rules=rules)
    key = envelope_of(budget).key
    for_it, against_it = factories.person("Yes"), factories.person("No")
    vote(budget, for_it, {key: yes})
    vote(budget, against_it, {key: no})
    vote(budget, factories.person("Empty"), {})
    budget = counted(budget)
    park = Built(budget, []).project(1)
    report_progress(bob, project=park, news=news())
    assert told(EntryKind.PROJECT_PROGRESSED) == ["Alice", "Yes"]


def test_who_backed_a_project_that_was_merged_is_told_of_what_it_became(
    chosen: Built, bob: User, charlie: User, mona: User, otto: User
) -> None:
    park = chosen.project(1)
    old = project(chosen.budget, charlie, "A meadow", merged_into=park)
    follow(mona, subject=old.subject)
    report_progress(otto, project=park, news=news())
    assert {"Charlie", "Mona"} <= set(told(EntryKind.PROJECT_PROGRESSED))


def record(kind: EntryKind, row: object, **data: object) -> Entry:
    """An entry as an action of somebody else's writes it."""
    return journal.record(
        kind,
        actor=None,
        process=row.subject.process_id,  # type: ignore[attr-defined]
        subject=row.subject_id,  # type: ignore[attr-defined]
        data=data,
    )


@pytest.fixture
def costed(costing: Budget, alice: User, charlie: User) -> Budget:
    return costing


def test_what_officials_ask_of_authors_reaches_them_by_mail(
    costed: Budget, alice: User, charlie: User, mona: User, bob: User
) -> None:
    park, pool = project(costed, alice), project(costed, charlie, "A pool")
    follow(mona, subject=park.subject)
    Cosignature.objects.create(project=park, user=mona)
    due = (timezone.now() + timedelta(days=3)).isoformat()
    record(EntryKind.REVISION_ASKED, park, reason="Which corner?", due_at=due, language="en")
    request = MergeRequest.objects.create(
        project=park, into=pool, reason="Alike.", asked_by=bob, expires_at=timezone.now()
    )
    asked = {"into": pool.subject_id, "request": request.pk, "reason": "Alike.", "due_at": due}
    record(EntryKind.MERGE_ASKED, park, **asked)
    record(EntryKind.PROJECTS_MERGED, park, into=pool.subject_id)
    record(EntryKind.PROJECT_MOVED, park, reason="Wrong theme.", language="en")
    record(EntryKind.PROJECT_ASSESSED, park, feasible=True)
    expected = {
        EntryKind.REVISION_ASKED: (["Alice"], ["Alice"]),
        EntryKind.MERGE_ASKED: (["Alice", "Charlie"], ["Alice", "Charlie"]),
        EntryKind.PROJECTS_MERGED: (["Alice", "Charlie", "Mona"], []),
        EntryKind.PROJECT_MOVED: (["Alice", "Mona"], []),
        EntryKind.PROJECT_ASSESSED: (["Alice", "Mona"], ["Alice", "Mona"]),
    }
    for kind, (people, by_mail) in expected.items():
        assert (told(kind), mailed(kind)) == (people, by_mail), kind
    while tasks.send_batch():
        pass
    assert len(mail.outbox) == 5
    assert any(f"/mergers/{request.pk}/" in message.body for message in mail.outbox)


def test_a_merger_that_nobody_answered_ends_once_and_whoever_asked_is_told(
    costed: Budget, alice: User, charlie: User, bob: User
) -> None:
    park, pool = project(costed, alice), project(costed, charlie, "A pool")
    over = timezone.now() - timedelta(minutes=1)
    request = MergeRequest.objects.create(
        project=park, into=pool, reason="Alike.", asked_by=bob, expires_at=over
    )
    assert (end_mergers(), end_mergers()) == (1, 0)
    request.refresh_from_db()
    assert request.refused_at is not None and request.refused_by_id is None
    assert told(EntryKind.MERGE_REFUSED) == ["Alice", "Bob", "Charlie"]


def test_whoever_an_assessment_is_handed_to_finds_a_notice_and_a_mail(
    costed: Budget, alice: User, bob: User, edith: User, otto: User, mona: User, client_of: Callable
) -> None:
    park, pool = project(costed, alice), project(costed, alice, "A pool")
    group = Group.objects.create(organisation=costed.process.organisation, name="Gardeners")
    for member in (mona, bob):
        GroupMember.objects.create(group=group, user=member)
    Assessor.objects.create(budget=costed, group=group)
    give = partial(hand_out, bob, budget=costed)
    due_at = timezone.now() + timedelta(days=3)
    give(subject_ids=[park.subject_id], assessor=edith, due_at=due_at)
    give(subject_ids=[pool.subject_id], group=group)
    deliver_entries()
    assert told(EntryKind.ASSESSMENT_HANDED_OUT) == ["Edith", "Mona"], "not the one who did it"
    assert mailed(EntryKind.ASSESSMENT_HANDED_OUT) == ["Edith", "Mona"]
    while tasks.send_batch():
        pass
    [to_edith] = [m for m in mail.outbox if m.to == [edith.email]]
    assert to_edith.subject == "Please assess “A park”"
    path = f"/en/desk/budgets/{costed.process.slug}/assessments/{park.subject_id}/"
    assert path in to_edith.body and moments.day(due_at) in to_edith.body
    notice = Notice.objects.get(user=edith, kind=EntryKind.ASSESSMENT_HANDED_OUT)
    client = client_of(edith)
    assert client.get(f"/en/inbox/notices/{notice.pk}/")["Location"] == path
    assert "was handed to you for assessment by" in client.get("/en/inbox/?all=1").content.decode()
    activity = client_of(alice).get(f"/en/budgets/{costed.process.slug}/activity/")
    assert "handed" not in activity.content.decode()


def test_many_that_are_handed_out_at_once_are_one_notice_and_one_mail(
    costed: Budget, alice: User, bob: User, edith: User, client_of: Callable
) -> None:
    ids = [project(costed, alice, f"Bench {number}").subject_id for number in range(4)]
    hand_out(bob, budget=costed, subject_ids=ids[:1], assessor=edith)
    deliver_entries()
    Notice.objects.update(read_at=timezone.now())
    due_at = timezone.now() + timedelta(days=3)
    hand_out(bob, budget=costed, subject_ids=ids, assessor=edith, due_at=due_at)
    assert told(EntryKind.ASSESSMENT_HANDED_OUT) == ["Edith"]
    while tasks.send_batch():
        pass
    [_first, to_edith] = [m for m in mail.outbox if m.to == [edith.email]]
    assert to_edith.subject == "Please assess 3 projects of “Our money”", "one was hers before"
    path = f"/en/desk/budgets/{costed.process.slug}/assessments/?whose=mine"
    assert path in to_edith.body and "They are due by" in to_edith.body
    client = client_of(edith)
    inbox = client.get("/en/inbox/").content.decode()
    assert "3 projects of “Our money” were handed to you for assessment by" in inbox
    notice = Notice.objects.get(user=edith, read_at=None)
    assert client.get(f"/en/inbox/notices/{notice.pk}/")["Location"] == path
    more = [project(costed, alice, f"Tree {number}").subject_id for number in range(2)]
    Notice.objects.filter(pk=notice.pk).update(read_at=None)
    hand_out(bob, budget=costed, subject_ids=more, assessor=edith)
    assert told(EntryKind.ASSESSMENT_HANDED_OUT) == ["Edith"]
    inbox = client.get("/en/inbox/").content.decode()
    assert "Projects of “Our money” were handed to you for assessment" in inbox


def test_whoever_is_named_an_assessor_finds_a_notice_and_a_mail(
    costed: Budget, bob: User, charlie: User, mona: User, client_of: Callable
) -> None:
    group = Group.objects.create(organisation=costed.process.organisation, name="Gardeners")
    for member in (mona, bob):
        GroupMember.objects.create(group=group, user=member)
    name_assessor(bob, budget=costed, email=charlie.email)
    name_group(bob, budget=costed, group=group)
    assert told(EntryKind.ASSESSOR_NAMED) == ["Charlie", "Mona"], "not the one who did it"
    assert mailed(EntryKind.ASSESSOR_NAMED) == ["Charlie", "Mona"]
    while tasks.send_batch():
        pass
    [to_charlie] = [m for m in mail.outbox if m.to == [charlie.email]]
    path = f"/en/desk/budgets/{costed.process.slug}/assessments/"
    assert to_charlie.subject == "You assess projects of “Our money”" and path in to_charlie.body
    client = client_of(charlie)
    notice = Notice.objects.get(user=charlie, kind=EntryKind.ASSESSOR_NAMED)
    assert (
        "You were named to assess projects of “Our money”"
        in client.get("/en/inbox/").content.decode()
    )
    assert client.get(f"/en/inbox/notices/{notice.pk}/")["Location"] == path
    assert client.get(path).status_code == 200
    activity = client_of(mona).get(f"/en/budgets/{costed.process.slug}/activity/")
    assert "ssess" not in activity.content.decode().partition('id="news"')[2]


def test_nobody_is_told_again_of_an_assessment_that_only_got_another_day_or_was_taken_back(
    costed: Budget, alice: User, bob: User, edith: User, otto: User
) -> None:
    park = project(costed, alice)
    give = partial(hand_out, bob, budget=costed, subject_ids=[park.subject_id])
    give(assessor=edith)
    give(assessor=edith, due_at=timezone.now() + timedelta(days=3))
    give()
    assert Entry.objects.filter(kind=EntryKind.ASSESSMENT_HANDED_OUT).count() == 1
    give(assessor=otto)  # before anybody has read the journal
    assert told(EntryKind.ASSESSMENT_HANDED_OUT) == ["Edith", "Otto"]
    assert mailed(EntryKind.ASSESSMENT_HANDED_OUT) == ["Edith", "Otto"]


def test_a_late_assessment_is_told_once_to_its_group_and_the_coordinators(
    costed: Budget, alice: User, bob: User, edith: User, otto: User, mona: User
) -> None:
    park = project(costed, alice)
    group = Group.objects.create(organisation=costed.process.organisation, name="Gardeners")
    GroupMember.objects.create(group=group, user=mona)
    past = timezone.now() - timedelta(days=1)
    Assessment.objects.create(project=park, group=group, due_at=past)
    assert (mark_late(), mark_late()) == (1, 0)
    assert told(EntryKind.ASSESSMENT_LATE) == ["Bob", "Edith", "Mona"]


def test_an_unfinished_ballot_is_told_to_its_own_voter_alone(
    voting: Budget, alice: User, charlie: User, client_of: Callable
) -> None:
    journal.record(
        EntryKind.BALLOT_UNFINISHED,
        actor=None,
        process=voting.process_id,
        data={"user": charlie.pk, "closes_at": timezone.now().isoformat()},
    )
    assert told(EntryKind.BALLOT_UNFINISHED) == ["Charlie"]
    assert mailed(EntryKind.BALLOT_UNFINISHED) == ["Charlie"]
    notice = Notice.objects.get(kind=EntryKind.BALLOT_UNFINISHED)
    response = client_of(charlie).get(f"/en/inbox/notices/{notice.pk}/")
    assert response["Location"] == f"/en/polls/{voting.process.slug}/answer/"


def test_every_notice_has_a_sentence_in_the_inbox(
    costed: Budget, alice: User, client_of: Callable
) -> None:
    park = project(costed, alice)
    due = timezone.now().isoformat()
    data = {"reason": "Because of <b>rain</b>.", "due_at": due, "language": "en"}
    kinds = [
        EntryKind.REVISION_ASKED, EntryKind.MERGE_ASKED, EntryKind.PROJECTS_MERGED,
        EntryKind.MERGE_REFUSED, EntryKind.PROJECT_MOVED, EntryKind.PROJECT_ASSESSED,
        EntryKind.PROJECT_PROGRESSED, EntryKind.PROJECT_DELAYED, EntryKind.PROJECT_BUILT,
        EntryKind.PROJECT_CANCELLED,
    ]  # fmt: skip
    for kind in kinds:
        record(kind, park, **data, expected_on="2027-03-01")
    deliver_entries()
    page = client_of(alice).get("/en/inbox/").content.decode()
    assert page.count("A park") == len(kinds)
    assert "<b>rain</b>" not in page
    assert "until 1 March 2027: Because of &lt;b&gt;rain&lt;/b&gt;." in page
