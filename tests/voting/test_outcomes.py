"""What the front page tells of a poll."""

import pytest

from tests.voting.polls import end_and_count, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot

pytestmark = pytest.mark.django_db


def test_a_counted_poll_tells_how_many_answered_with_and_without_account(
    bob, alice, client, organisation
):
    poll = open_poll(bob, organisation, eligibility="anyone")
    for voter in (
        voters.person(alice, fresh(poll)),
        voters.holder_of_pass(voters.make_pass(poll, "a" * 32), poll),
    ):
        cast_ballot(voter, poll=fresh(poll), answers={"tree": {"option": "yes"}})
    sentence = "2 people answered, and the result stands."
    assert sentence not in client.get("/en/").content.decode()
    end_and_count(poll)
    page = client.get("/en/").content.decode()
    assert sentence in page and "1 person</span>" not in page
