"""Officers and voters at once, on connections of their own."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from common.verdicts import Refused
from tests import factories
from tests.voting.paper.helpers import RED, booth_in, let_in
from tests.voting.polls import end, fresh, open_poll
from voting.actions.booths import (
    add_officer,
    end_booth,
    make_booth,
)
from voting.actions.box import cast_ballot
from voting.actions.paper import enter_sheet
from voting.actions.stages import count
from voting.models import Ballot, Sheet, Turnout
from voting.tasks import run_clock
from voting.voters import person


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each when all begin together: "ok" or the code of the refusal."""
    barrier = threading.Barrier(len(acts))
    found = [""] * len(acts)

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            acts[place]()
            found[place] = "ok"
        except Refused as refused:
            found[place] = refused.verdict.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secrecy", ["secret", "confidential"])
def test_web_and_paper_at_once_count_one(bob, organisation, ina, jon, secrecy):
    poll = open_poll(bob, organisation, secrecy=secrecy, change_policy="until_close")
    booth = booth_in(poll, bob, ina, jon)
    for number in range(8):
        someone = factories.person(f"Voter {number}")
        found = at_once(
            lambda: cast_ballot(person(someone, poll), poll=fresh(poll), answers=RED),  # noqa: B023
            lambda: let_in(ina, booth, someone, str(number)),  # noqa: B023
        )
        assert sorted(found) == ["ok", "voted_already"]
        assert Turnout.objects.filter(user=someone).count() == 1
    assert fresh(poll).turnout_count == 8
    on_paper = Turnout.objects.filter(channel="paper").count()
    assert Ballot.objects.count() == 8 - on_paper


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_let_one_person_in_once(bob, organisation, ina, jon):
    poll = open_poll(bob, organisation)
    booth = booth_in(poll, bob, ina, jon)
    other = make_booth(bob, poll=poll, name="Library")
    add_officer(bob, booth=other, email=jon.email)
    for number in range(8):
        someone = factories.person(f"Voter {number}")
        found = at_once(
            lambda: let_in(ina, booth, someone, f"a{number}"),  # noqa: B023
            lambda: let_in(jon, other, someone, f"b{number}"),  # noqa: B023
        )
        assert sorted(found) == ["ok", "voted_already"]
    assert fresh(poll).turnout_count == Sheet.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_ballot(bob, organisation, ina, jon):
    poll = open_poll(bob, organisation)
    booth = booth_in(poll, bob, ina, jon)
    for number in range(8):
        let_in(ina, booth, factories.person(f"Voter {number}"), str(number))
        found = at_once(
            lambda: enter_sheet(ina, booth=booth, number=str(number), answers=RED),  # noqa: B023
            lambda: enter_sheet(jon, booth=booth, number=str(number), answers=RED),  # noqa: B023
            lambda: enter_sheet(jon, booth=booth, number=str(number), answers=RED),  # noqa: B023
        )
        assert found.count("ok") == 2
    assert Ballot.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_secret_sheets_at_once_never_outnumber_people(bob, organisation, ina, jon, alice):
    poll = open_poll(bob, organisation, secrecy="secret")
    booth = booth_in(poll, bob, ina, jon)
    let_in(ina, booth, alice)
    end(poll)
    run_clock()
    found = at_once(
        lambda: enter_sheet(ina, booth=booth, number="1", answers=RED),
        lambda: enter_sheet(jon, booth=booth, number="2", answers=RED),
    )
    assert sorted(found) == ["ok", "too_many_sheets"]
    assert Sheet.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_and_the_end_at_once_lose_no_ballot(bob, organisation, ina, jon, alice):
    poll = open_poll(bob, organisation)
    booth = booth_in(poll, bob, ina, jon)
    let_in(ina, booth, alice, "1")
    end(poll)
    run_clock()
    enter_sheet(ina, booth=booth, number="1", answers=RED)
    found = at_once(
        lambda: enter_sheet(jon, booth=booth, number="1", answers=RED),
        lambda: end_booth(bob, booth=booth, reason="Late."),
    )
    count(poll.pk)
    sheet = Sheet.objects.get()
    assert found in (["ok", "ok"], ["booth_ended", "ok"])
    assert (sheet.accepted_at is not None) == (Ballot.objects.count() == 1)
    assert (sheet.accepted_at is None) == (sheet.discarded_at is not None)
