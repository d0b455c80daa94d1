"""Polls for programs: the same rules as on the pages, one shape of error, no result before its time."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.actions import publish
from tests.voting.polls import (
    COLOURS,
    RANKED,
    TREE,
    draft_poll,
    end,
    end_and_count,
    fresh,
    open_poll,
)
from voting import voters
from voting.actions.booths import make_booth
from voting.actions.box import cast_ballot, new_code
from voting.models import Ballot, Invitation, Turnout
from voting.secrecy.receipts import grouped
from voting.secrecy.tree import leaf_hash, proves
from voting.voters import code_digest

pytestmark = pytest.mark.django_db

RED = {"colour": {"option": "red"}}
BLUE = {"colour": {"option": "blue"}}


def at(poll, path=""):
    return f"/api/v1/polls/{poll.pk}/{path}"


def code_of(answer):
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    document = answer.json()
    assert document["status"] == answer.status_code
    return answer.status_code, document["code"]


def cast(user, poll, answers=None):
    return cast_ballot(voters.person(user, poll), poll=poll, answers=answers or RED)


@pytest.fixture
def secret(bob, organisation):
    return open_poll(bob, organisation, secrecy="secret", change_policy="until_close")


@pytest.fixture
def named(bob, organisation):
    return open_poll(bob, organisation, secrecy="named", slug="named")


def test_polls_are_listed_by_where_they_stand(api_of, nobody, bob, organisation, named):
    closed = open_poll(bob, organisation, slug="closed", kind="vote")
    end(closed)
    later = draft_poll(bob, organisation, slug="later", opens_in=timedelta(days=1))
    publish(bob, process=later.process)
    draft_poll(bob, organisation, slug="hidden")
    api = api_of(nobody)

    def slugs(**query):
        return [row["process"] for row in api.get("/api/v1/polls/", query).json()["results"]]

    assert slugs() == ["later", "closed", "named"]
    assert slugs(status="open") == ["named"]
    assert slugs(status="upcoming") == ["later"]
    assert slugs(status="closed") == ["closed"]
    assert slugs(kind="vote") == ["closed"]
    assert slugs(process="named") == ["named"]
    assert slugs(organisation=organisation.slug) == ["later", "closed", "named"]
    assert slugs(organisation="nowhere") == []
    assert code_of(api.get("/api/v1/polls/", {"status": "x"})) == (400, "not_accepted")


def test_the_list_costs_the_same_with_30_rows_as_with_3(api_of, nobody, bob, organisation):
    api = api_of(nobody)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert api.get("/api/v1/polls/", {"page_size": 100}).status_code == 200
        return len(captured)

    for _ in range(3):
        open_poll(bob, organisation)
    few = queries()
    for _ in range(27):
        open_poll(bob, organisation)
    assert queries() == few <= 2


def test_a_poll_tells_its_rules_and_what_it_asks_also_before_it_opens(
    api_of, nobody, alice, bob, organisation
):
    poll = draft_poll(bob, organisation, secrecy="secret", quorum="0.25")
    assert api_of(alice).get(at(poll)).status_code == 404
    assert api_of(bob).get(at(poll)).status_code == 200
    publish(bob, process=poll.process)
    before = api_of(nobody).get(at(poll)).json()
    assert (before["quorum"], before["secrecy"], before["opened_at"]) == ("0.25000", "secret", None)
    questions = before["definition"]["pages"][0]["questions"]
    assert [row["key"] for row in questions] == ["colour", "tree"]
    cast(alice, fresh(poll))
    make_booth(bob, poll=fresh(poll), name="Town hall")
    after = api_of(alice).get(at(poll)).json()
    assert after["definition"] == before["definition"]
    assert len(after["definition_digest"]) == 64
    assert (after["voted"], after["turnout"]) == (True, 1)
    assert after["booths"][0]["name"] == "Town hall"
    assert after["may"]["see_results"]["code"] == "sealed"


def test_turnout_is_null_where_it_is_not_shown_before_the_end(
    api_of, nobody, alice, bob, organisation
):
    poll = open_poll(bob, organisation, shows_turnout=False)
    cast(alice, poll)
    for person in (nobody, bob):
        assert api_of(person).get(at(poll)).json()["turnout"] is None
        assert api_of(person).get("/api/v1/polls/").json()["results"][0]["turnout"] is None
    end_and_count(poll)
    assert api_of(nobody).get(at(poll)).json()["turnout"] == 1


def test_a_ballot_is_taken_once_and_found_when_it_is_sent_again(api_of, alice, named):
    api, code = api_of(alice), grouped(new_code())
    body = {"answers": RED, "receipt": code}
    first = api.post(at(named, "ballots/"), body)
    assert first.status_code == 201
    assert first.json()["receipt"] == code
    again = api.post(at(named, "ballots/"), body)
    assert (again.status_code, again.json()) == (200, first.json())
    other = api.post(at(named, "ballots/"), {"answers": BLUE})
    assert code_of(other) == (409, "voted_already")
    assert Ballot.objects.get().answers == RED


def test_wrong_answers_are_named_by_question(api_of, alice, named):
    answer = api_of(alice).post(
        at(named, "ballots/"), {"answers": {"colour": {"option": "pink"}, "tree": 3, "x": None}}
    )
    assert code_of(answer) == (400, "answers_wrong")
    assert set(answer.json()["errors"]) == {"colour", "tree", "non_field_errors"}
    assert not Turnout.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"answers": []},
        {"answers": "red"},
        {"answers": {}, "receipt": "short"},
        {"answers": {}, "receipt": 5},
        {"answers": {}, "surprise": True},
        {"answers": {"colour": {"option": ["red"]}}},
        {"answers": {"colour": {"option": "red", "text": {"a": [1e300]}}}},
    ],
)
def test_what_is_not_a_ballot_is_refused(api_of, alice, named, body):
    answer = api_of(alice).post(at(named, "ballots/"), body)
    assert answer.status_code == 400
    assert not Ballot.objects.exists()


def test_who_is_not_signed_in_or_may_not_is_told_so(api_of, nobody, alice, bob, organisation, city):
    poll = open_poll(bob, organisation, eligibility="residents", area=city)
    body = {"answers": RED}
    assert code_of(api_of(nobody).post(at(poll, "ballots/"), body)) == (401, "sign_in_first")
    assert code_of(api_of(alice).post(at(poll, "ballots/"), body)) == (403, "not_a_resident")
    assert code_of(api_of(nobody).delete(at(poll, "ballots/mine/"))) == (401, "sign_in_first")
    end(poll)
    assert code_of(api_of(alice).post(at(poll, "ballots/"), body))[1] == "not_open_any_more"


def test_whoever_holds_an_invitation_answers_without_an_account(api_of, nobody, bob, organisation):
    poll = open_poll(bob, organisation, eligibility="invited")
    code = new_code()
    Invitation.objects.create(poll=poll, digest=code_digest(code))
    api = api_of(nobody)
    assert code_of(api.post(at(poll, "ballots/"), {"answers": RED})) == (401, "code_needed")
    wrong = api.post(at(poll, "ballots/"), {"answers": RED, "code": new_code()})
    assert code_of(wrong) == (403, "code_unknown")
    body = {"answers": RED, "code": grouped(code)}
    assert api.post(at(poll, "ballots/"), body).status_code == 201
    assert code_of(api.post(at(poll, "ballots/"), body)) == (409, "voted_already")


def test_a_secret_ballot_is_replaced_and_withdrawn_with_its_receipt(api_of, alice, secret):
    api = api_of(alice)
    first = api.post(at(secret, "ballots/"), {"answers": RED}).json()
    lost = api.post(at(secret, "ballots/"), {"answers": BLUE})
    assert code_of(lost) == (409, "receipt_needed")
    second = api.post(at(secret, "ballots/"), {"answers": BLUE, "former": first["receipt"]}).json()
    used = api.delete(at(secret, "ballots/mine/"), {"former": first["receipt"]})
    assert code_of(used) == (409, "receipt_unknown")
    gone = api.delete(at(secret, "ballots/mine/"), {"former": second["receipt"]})
    assert gone.status_code == 200
    assert api.get(at(secret)).json()["voted"] is False
    back = api.post(at(secret, "ballots/"), {"answers": RED, "former": gone.json()["receipt"]})
    assert back.status_code == 201
    assert [b.answers for b in Ballot.objects.counted(secret)] == [RED]


def test_a_named_answer_is_withdrawn_without_a_body(api_of, alice, named):
    api = api_of(alice)
    assert code_of(api.delete(at(named, "ballots/mine/"))) == (409, "not_voted")
    api.post(at(named, "ballots/"), {"answers": RED})
    assert api.delete(at(named, "ballots/mine/")).status_code == 200
    assert not Ballot.objects.counted(named).exists()


@pytest.mark.parametrize("who", ["nobody", "alice", "bob", "mona", "root"])
def test_sealed_results_are_sealed_for_everybody(
    request, api_of, nobody, alice, bob, mona, secret, who
):
    person = {"nobody": nobody, "alice": alice, "bob": bob, "mona": mona, "root": mona}[who]
    if who == "root":
        mona.is_superuser = mona.is_staff = True
        mona.save(update_fields=["is_superuser", "is_staff"])
    cast(alice, secret)
    api = api_of(person)
    for path in ("results/", "ballots/", "bundle/"):
        assert code_of(api.get(at(secret, path))) == (409, "sealed")
    end(secret)
    for path in ("results/", "ballots/", "bundle/"):
        assert code_of(api.get(at(secret, path)))[0] == 409


def test_live_results_are_shown_so_far(api_of, nobody, alice, bob, organisation):
    poll = open_poll(bob, organisation, secrecy="named", results_policy="live")
    cast(alice, poll)
    found = api_of(nobody).get(at(poll, "results/")).json()
    assert found["is_final"] is False
    rows = {(o["question"], o["method"]): o["result"] for o in found["outcomes"]}
    assert rows["colour", "frequencies"]["rows"][0]["count"] == 1


def test_results_of_a_counted_poll_are_its_outcomes(api_of, nobody, alice, charlie, secret):
    cast(alice, secret)
    cast(charlie, secret, BLUE)
    counted = end_and_count(secret)
    found = api_of(nobody).get(at(secret, "results/")).json()
    assert found["is_final"] is True
    rows = {(o["question"], o["method"]): o["result"] for o in found["outcomes"]}
    assert len(rows) == counted.outcomes.count()
    assert rows["", "turnout"]["voters"] == 2
    assert {r["key"]: r["count"] for r in rows["colour", "frequencies"]["rows"]} == {
        "red": 1,
        "green": 0,
        "blue": 1,
    }


def test_ballots_of_a_secret_poll_are_listed_by_mark_page_by_page(
    api_of, nobody, alice, charlie, bob, secret
):
    for person in (alice, charlie, bob):
        cast(person, secret)
    poll = end_and_count(secret)
    api, address, marks = api_of(nobody), at(secret, "ballots/?page_size=2"), []
    while address:
        page = api.get(address).json()
        marks += [row["mark"] for row in page["results"]]
        address = page["next"]
    assert marks == sorted(Ballot.objects.filter(poll=poll).values_list("mark", flat=True))
    assert set(page["results"][0]) == {"mark", "answers", "replaces", "channel"}


def test_other_polls_publish_no_ballots(api_of, nobody, alice, bob, named):
    cast(alice, named)
    end_and_count(named)
    for person in (nobody, bob):
        for path in ("ballots/", "bundle/"):
            assert code_of(api_of(person).get(at(named, path))) == (409, "no_list_of_ballots")


def test_a_receipt_finds_its_ballot_and_proves_it(api_of, nobody, alice, charlie, bob, secret):
    receipts = [cast(person, secret) for person in (alice, charlie, bob)]
    api = api_of(nobody)
    early = api.post(at(secret, "receipts/"), {"receipt": receipts[0].code}).json()
    assert (early["state"], early["ballot"], early["proof"]) == ("counts", None, [])
    poll = end_and_count(secret)
    for receipt in receipts:
        found = api.post(at(secret, "receipts/"), {"receipt": grouped(receipt.code).lower()}).json()
        assert (found["state"], found["mark"], found["size"]) == ("counts", receipt.mark, 3)
        assert found["ballot"]["answers"] == RED
        leaf = leaf_hash(found["ballot"])
        assert leaf.hex() == found["leaf"]
        way = [(step["side"], bytes.fromhex(step["hash"])) for step in found["proof"]]
        assert proves(leaf, way, bytes.fromhex(poll.root))
    unknown = api.post(at(secret, "receipts/"), {"receipt": new_code()})
    assert code_of(unknown) == (404, "receipt_unknown")
    assert code_of(api.post(at(secret, "receipts/"), {"receipt": "x"})) == (400, "receipt_wrong")


def test_the_bundle_is_that_of_the_page(api_of, nobody, alice, secret):
    cast(alice, secret)
    poll = end_and_count(secret)
    answer = api_of(nobody).get(at(secret, "bundle/"))
    assert answer.headers["Content-Type"] == "application/jsonl"
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert (lines[0]["kenes"], lines[0]["root"], lines[0]["size"]) == ("bundle", poll.root, 1)
    assert lines[1]["answers"] == RED


def test_casting_by_a_program_costs_few_queries(api_of, alice, charlie, bob, organisation):
    """Eight at most, the beginning and the end of the transaction included."""
    for secrecy in ("named", "secret"):
        poll = open_poll(bob, organisation, secrecy=secrecy, questions=(COLOURS, TREE, RANKED))
        api = api_of(alice)
        with CaptureQueriesContext(connection) as captured:
            assert api.post(at(poll, "ballots/"), {"answers": RED}).status_code == 201
        sql = [q["sql"] for q in captured.captured_queries]
        assert len(sql) <= 8, "\n".join(sql)
