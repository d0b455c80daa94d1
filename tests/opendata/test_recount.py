"""Counters are compared with rows, repaired, and right even while people write."""

import io
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import Organisation, User
from consultations.actions import propose_amendment, propose_new_article, withdraw_proposal
from deliberation import recount as counters
from deliberation.actions import (
    add_source,
    end_support,
    post_comment,
    support_comment,
    take_position,
    withdraw_comment,
    withdraw_position,
    withdraw_source,
)
from deliberation.models import Comment
from opendata import recount
from processes.models import Participation, Process, Subject
from tests import factories
from tests.scenario import World, open_consultation


@pytest.fixture
def town(bob: User, organisation: Organisation) -> World:
    return open_consultation(bob, organisation)


def _busy(world: World, alice: User, charlie: User) -> None:
    """Something of everything, some of it taken back."""
    article = world.article.pk
    take_position(alice, subject_id=article, value="agree")
    take_position(charlie, subject_id=article, value="mixed")
    take_position(charlie, subject_id=article, value="disagree")
    take_position(alice, subject_id=world.articles[1].pk, value="agree")
    withdraw_position(alice, subject_id=world.articles[1].pk)
    argument = post_comment(alice, subject_id=article, body="It helps.", stance="for")
    reply = post_comment(charlie, subject_id=article, body="How?", parent_id=argument.pk)
    post_comment(charlie, subject_id=article, body="It does not.", stance="against")
    support_comment(charlie, comment_id=argument.pk)
    support_comment(alice, comment_id=reply.pk)
    end_support(alice, comment_id=reply.pk)
    withdraw_comment(charlie, comment_id=reply.pk)
    for number in range(2):
        link = f"https://example.org/{number}"
        source = add_source(alice, subject_id=article, title="Study", url=link, category="study")
    withdraw_source(alice, source_id=source.pk)
    section = world.section().pk
    amendment = propose_amendment(alice, section_id=section, body="Three metres.", reason="Prams.")
    take_position(charlie, subject_id=amendment.subject_id, value="agree")
    gone = propose_amendment(charlie, section_id=section, body="One metre.", reason="Cars.")
    withdraw_proposal(charlie, proposal_id=gone.pk)
    propose_new_article(
        charlie, consultation=world.consultation, title="Benches", body="A bench.", reason="Rest."
    )


def test_what_actions_count_is_what_rows_say(town: World, alice: User, charlie: User) -> None:
    _busy(town, alice, charlie)
    finding = recount.check()
    assert finding.is_clean, finding
    subject = Subject.objects.get(pk=town.article.pk)
    assert (subject.agree_count, subject.mixed_count, subject.disagree_count) == (1, 0, 1)
    assert (subject.comment_count, subject.for_count, subject.against_count) == (2, 1, 1)
    assert (subject.source_count, subject.amendment_count) == (1, 1)
    process = Process.objects.get(pk=town.process.pk)
    assert (process.participant_count, process.position_count) == (2, 3)
    assert process.contribution_count == 5


@pytest.mark.parametrize("counter", counters.SUBJECTS.counters)
def test_drift_of_a_subject_is_found_and_repaired(
    town: World, alice: User, charlie: User, counter: str
) -> None:
    _busy(town, alice, charlie)
    right = getattr(Subject.objects.get(pk=town.article.pk), counter)
    Subject.objects.filter(pk=town.article.pk).update(**{counter: right + 5})
    with pytest.raises(CommandError) as failure:
        call_command("recount", "--check", stdout=io.StringIO())
    assert failure.value.returncode == 1
    assert getattr(Subject.objects.get(pk=town.article.pk), counter) == right + 5
    out = io.StringIO()
    call_command("recount", stdout=out)
    assert f"{counter} is {right + 5}, rows say {right}" in out.getvalue()
    assert getattr(Subject.objects.get(pk=town.article.pk), counter) == right
    call_command("recount", "--check", stdout=io.StringIO())


def test_drift_of_comments_processes_and_participants_is_repaired(
    town: World, alice: User, charlie: User
) -> None:
    _busy(town, alice, charlie)
    Comment.objects.update(support_count=9, reply_count=9)
    Process.objects.update(participant_count=9, contribution_count=9, position_count=9)
    Participation.objects.filter(user=alice).delete()
    finding = recount.check()
    assert {d.counter for d in finding.drifts} >= {
        *counters.COMMENTS.counters,
        *counters.PROCESSES.counters,
    }
    assert finding.missing == ((town.process.pk, alice.pk),)
    recount.repair()
    assert recount.check().is_clean
    assert Process.objects.get(pk=town.process.pk).participant_count == 2


def test_only_the_named_process_is_repaired(
    town: World, alice: User, bob: User, organisation: Organisation
) -> None:
    other = open_consultation(bob, organisation, title="Parks")
    Subject.objects.update(agree_count=3)
    call_command("recount", "--process", other.process.slug, stdout=io.StringIO())
    assert recount.check(other.process.pk).is_clean
    assert not recount.check(town.process.pk).is_clean
    with pytest.raises(CommandError, match="nothing-here"):
        call_command("recount", "--process", "nothing-here")


def test_a_subject_that_stands_for_nothing_is_found(town: World) -> None:
    lost = Subject.objects.create(process=town.process, kind="amendment", title="Lost")
    assert recount.check().orphans == (lost.pk,)
    with pytest.raises(CommandError):
        call_command("recount", stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_repair_is_exact_while_people_write(bob: User, organisation: Organisation) -> None:
    """A writer holds its counter half way through a repair of the same row."""
    world = open_consultation(bob, organisation)
    article = world.article.pk
    people = [factories.person(f"Writer {number}") for number in range(12)]
    Subject.objects.filter(pk=article).update(agree_count=40, comment_count=40)
    errors: list[Exception] = []

    def write(person: User) -> None:
        try:
            for value in ("agree", "mixed", "agree"):
                take_position(person, subject_id=article, value=value)
            post_comment(person, subject_id=article, body="Now.", stance="for")
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    with transaction.atomic():
        Subject.objects.select_for_update().get(pk=article)
        for thread in threads[:6]:
            thread.start()
    for thread in threads[6:]:
        thread.start()
    for _ in range(10):
        counters.repair_row("processes_subject", article)
        recount.repair()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert recount.check().is_clean
    assert Subject.objects.get(pk=article).agree_count == 12
