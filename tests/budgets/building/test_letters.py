"""Two letters: what was chosen, when the votes are counted; what was carried out, at the end."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from budgets.actions.reports import News, give_up, report_built
from notifications import tasks
from notifications.letters import compose
from notifications.mails import Batch, load
from notifications.models import Delivery
from processes.actions import close, publish_results
from processes.kinds import EntryKind
from processes.models import Process
from processes.tasks import deliver_entries
from tests.budgets.building.conftest import Built

pytestmark = pytest.mark.django_db


def end(bob: User, built: Built) -> None:
    """The park is built, the bridge given up, the budget closed and its results published."""
    news = News("Children play.", "en", spent=Decimal(31_000))
    report_built(bob, project=built.project(1), news=news, built_on=timezone.localdate())
    give_up(bob, project=built.project(3), news=News("The river moved.", "en"))
    process = Process.objects.get(pk=built.budget.process_id)
    close(bob, process=process)
    publish_results(bob, process=process, summary={"en": "One park."})


def letter_to(person: User, kind: str, language: str = "en"):  # type: ignore[no-untyped-def]
    delivery = Delivery.objects.letters_of(person).get(entry__kind=kind)
    return compose(delivery, language=language)


def lines(part: object) -> list[str]:
    return [str(text) for text, _href in part.lines]  # type: ignore[attr-defined]


def test_everyone_who_took_part_gets_a_letter_when_the_votes_are_counted(
    chosen: Built, alice: User
) -> None:
    deliver_entries()
    rows = Delivery.objects.filter(entry__kind=EntryKind.PROJECTS_CHOSEN, channel="site")
    assert sorted(rows.values_list("user__name", flat=True)) == sorted(
        person.name for person in chosen.voters
    )
    letter = letter_to(chosen.voters[0], EntryKind.PROJECTS_CHOSEN)
    assert letter.title == "What was chosen"
    assert letter.chosen.heading == "What you chose"
    assert any("A park" in line for line in lines(letter.chosen))
    while tasks.send_batch():
        pass
    assert len(mail.outbox) == len(chosen.voters)
    assert {message.subject for message in mail.outbox} == {"What was chosen: Our money"}
    text = next(m.body for m in mail.outbox if m.to == [chosen.voters[2].email])
    assert "What you chose" in text and "A pool" in text


def test_the_last_letter_says_what_was_built_of_what_one_chose(chosen: Built, bob: User) -> None:
    end(bob, chosen)
    deliver_entries()
    both, _first, pool, bridge = chosen.voters
    letter = letter_to(both, EntryKind.RESULTS_PUBLISHED)
    said = [str(text) for text, _href in letter.results]
    assert letter.title == "What was carried out"
    assert str(letter.summary) == "One park."
    assert said[0] == "Completed so far: 1 of 2 chosen projects. 1 was given up."
    assert said[1] == "€31,000 spent of €80,000 planned"
    assert letter.chosen.heading == "What became of what you chose"
    mine = lines(letter.chosen)
    assert len(mine) == 2
    assert any(line.startswith("✓ A park: completed on ") for line in mine)
    assert any(line == "A bridge: given up. The reason stands on its page." for line in mine)
    assert lines(letter_to(pool, EntryKind.RESULTS_PUBLISHED).chosen) == [
        "None of the projects that you had chosen was among those carried out."
    ]
    assert len(lines(letter_to(bridge, EntryKind.RESULTS_PUBLISHED).chosen)) == 1


def test_after_a_secret_vote_no_letter_says_what_one_chose(secret: Built, bob: User) -> None:
    end(bob, secret)
    deliver_entries()
    for person in secret.voters:
        for kind in (EntryKind.PROJECTS_CHOSEN, EntryKind.RESULTS_PUBLISHED):
            letter = letter_to(person, kind)
            assert letter.chosen is None
            assert letter.results


def test_letters_are_read_on_the_site_by_their_person_alone(
    chosen: Built, bob: User, charlie: User, client_of: Callable
) -> None:
    end(bob, chosen)
    deliver_entries()
    voter = chosen.voters[0]
    client = client_of(voter)
    inbox = client.get("/en/inbox/").content.decode()
    assert "What was chosen: Our money" in inbox and "What was carried out: Our money" in inbox
    for delivery in Delivery.objects.letters_of(voter):
        address = f"/en/inbox/letters/{delivery.pk}/"
        page = client.get(address)
        assert page.status_code == 200 and "A park" in page.content.decode()
        assert client_of(charlie).get(address).status_code == 404
        assert client.get(f"/fr{address[3:]}").status_code == 200


def test_whoever_proposed_and_took_part_reads_what_became_of_their_project(
    chosen: Built, bob: User, alice: User
) -> None:
    Delivery.objects.all().delete()
    chosen.budget.process.participations.create(user=alice)
    end(bob, chosen)
    deliver_entries()
    letter = letter_to(alice, EntryKind.RESULTS_PUBLISHED)
    assert {str(row.where): row.text for row in letter.proposed} == {
        "A park": "Completed",
        "A bridge": "Given up",
        "A pool": "Not chosen",
    }
    assert letter.chosen is None


def test_letters_to_many_make_as_many_queries_as_to_few(chosen: Built, bob: User) -> None:
    end(bob, chosen)
    deliver_entries()
    rows = list(Delivery.objects.filter(channel="mail").values_list("pk", "entry_id"))
    for entry_id in {entry for _pk, entry in rows}:
        ids = [pk for pk, entry in rows if entry == entry_id]
        if len(ids) < 4:
            continue
        counts = []
        for number in (1, 4):
            with CaptureQueriesContext(connection) as captured:
                batch = Batch(load(ids[:number]))
                for delivery in load(ids[:number]):
                    batch.write(delivery)
            counts.append(len(captured))
        assert counts[0] == counts[1]
