"""Taking an answer back on the site, and answering again."""

import re

import pytest

from tests.voting.polls import COLOURS, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot
from voting.models import Ballot

pytestmark = pytest.mark.django_db

RED = {"colour": {"option": "red"}}
CODE = re.compile(r'<output id="code">([0-9A-Z-]+)</output>')


def test_a_secret_ballot_is_withdrawn_by_its_receipt_and_given_again_by_the_next(
    bob, alice, client_of, organisation
):
    poll = fresh(
        open_poll(
            bob, organisation, questions=[COLOURS], secrecy="secret", change_policy="until_close"
        )
    )
    receipt = cast_ballot(voters.person(alice, poll), poll=poll, answers=RED)
    client, path = client_of(alice), f"/en/polls/{poll.process.slug}/withdraw/"
    assert client.post(path, {"former": "0" * 26}).status_code == 409
    page = client.post(path, {"former": receipt.code})
    assert page.status_code == 200
    assert not Ballot.objects.counted(poll).exists()
    code = CODE.search(page.content.decode())[1]
    cast_ballot(voters.person(alice, poll), poll=fresh(poll), answers=RED, former=code)
    assert Ballot.objects.counted(poll).count() == fresh(poll).turnout_count == 1


def test_any_other_answer_is_withdrawn_after_asking(bob, alice, client_of, organisation):
    poll = fresh(open_poll(bob, organisation, questions=[COLOURS], change_policy="until_close"))
    cast_ballot(voters.person(alice, poll), poll=poll, answers=RED)
    client, path = client_of(alice), f"/en/polls/{poll.process.slug}/withdraw/"
    assert client.get(path).status_code == 200
    assert Ballot.objects.counted(poll).exists()
    assert client.post(path).status_code == 302
    assert not Ballot.objects.counted(poll).exists()
    assert client.get(path).status_code == 409
