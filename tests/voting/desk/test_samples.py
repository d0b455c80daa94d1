"""Quotas and weights at the desk."""

import pytest

from tests.voting.polls import COLOURS, draft_poll, end_and_count, fresh, open_poll
from tests.voting.test_samples import SEX
from voting.models import Quota

pytestmark = pytest.mark.django_db

TYPED = {
    "quota.sex.f": "50",
    "quota.sex.m": "40",
    "share.sex.f": "60,0",
    "share.sex.m": "40",
    "combined": "sex = f, sex = m: 7\n",
}


def path(poll):
    return f"/en/desk/polls/{poll.process.slug}/samples/"


def test_an_editor_sets_quotas_and_weights(bob, client_of, organisation):
    poll = draft_poll(bob, organisation, questions=[SEX, COLOURS])
    client = client_of(bob)
    assert "a woman: Answers wanted" in client.get(path(poll)).content.decode()
    typed = {**TYPED, "combined": ""}
    assert client.post(path(poll), typed).status_code == 302
    rows = [(row.cell, row.target) for row in Quota.objects.order_by("pk")]
    assert rows == [({"sex": "f"}, 50), ({"sex": "m"}, 40)]
    assert fresh(poll).margins == {"sex": {"f": "0.6", "m": "0.4"}}
    shown = client.get(path(poll)).content.decode()
    assert 'value="50"' in shown and 'value="60"' in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"share.sex.m": "41"}, "sum up to 100"),
        ({"share.sex.m": "many"}, "number"),
        ({"quota.sex.f": "0"}, "greater than or equal to 1"),
        ({"combined": "sex f 7"}, "This one is not: sex f 7"),
        ({"combined": "shoe = 44: 7"}, "does not ask for what a quota needs"),
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_stays(
    bob, client_of, organisation, wrong, said
):
    poll = draft_poll(bob, organisation, questions=[SEX, COLOURS])
    answer = client_of(bob).post(path(poll), {**TYPED, "combined": "", **wrong})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert (said in text and 'value="50"' in text) or 'value="0"' in text
    assert not Quota.objects.exists() and fresh(poll).margins == {}


def test_once_open_quotas_stay_and_show_how_full_they_are(bob, client_of, organisation):
    poll = open_poll(bob, organisation, questions=[SEX, COLOURS])
    Quota.objects.create(poll=poll, cell={"sex": "f"}, target=50, count=12)
    client = client_of(bob)
    shown = client.get(path(poll)).content.decode()
    assert "How full the quotas are" in shown and 'name="quota.sex.f"' not in shown
    assert client.post(path(poll), TYPED).status_code == 302
    assert Quota.objects.get().target == 50
    assert fresh(poll).margins["sex"]["f"] == "0.6"
    end_and_count(poll)
    assert client.post(path(poll), TYPED).status_code in (400, 409)


def test_without_questions_about_the_person_the_page_says_what_to_do(bob, client_of, organisation):
    poll = draft_poll(bob, organisation)
    assert "Nothing is asked about the person" in client_of(bob).get(path(poll)).content.decode()


def test_others_do_not_get_here(alice, otto, olga, client_of, bob, organisation):
    poll = open_poll(bob, organisation, questions=[SEX, COLOURS])
    assert [client_of(p).get(path(poll)).status_code for p in (alice, otto, olga)] == [403] * 3
