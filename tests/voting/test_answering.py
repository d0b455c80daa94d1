"""Answering a poll through its pages."""

import json

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.actions import export_person
from accounts.profiles import kept_profile
from processes.actions import publish
from tests.factories import person
from tests.voting.filled import AGE, SEX
from tests.voting.pages import hidden, page, send
from tests.voting.polls import COLOURS, TREE, WORDS, draft_poll, end, fresh, open_poll
from voting.actions.codes import make_codes
from voting.models import Ballot, Draft, Quota, Turnout
from voting.questionnaire.definition import Option, Question, QuestionKind

REASON = Question(
    "reason", QuestionKind.SHORT_TEXT, {"en": "Why not?", "fr": "Pourquoi ?"}, show_if="tree = no"
)


@pytest.fixture
def survey(bob, organisation):
    """A confidential poll that may be changed until the end."""
    return open_poll(
        bob,
        organisation,
        questions=(COLOURS, TREE, REASON, WORDS),
        change_policy="until_close",
        slug="tram",
    )


@pytest.fixture
def ballot(bob, organisation):
    """A secret poll that may be changed until the end."""
    return open_poll(
        bob, organisation, secrecy="secret", change_policy="until_close", slug="secret"
    )


def test_the_page_of_a_poll_says_its_rules_before_and_after_it_opens(survey, client):
    text = page(client).content.decode()
    assert "Which colour shall the tram have?" in text
    assert "The rules" in text and "Nobody sees any result before the end" in text
    assert survey.definition_digest in text
    assert "/accounts/login/?next=%2Fen%2Fpolls%2Ftram%2Fanswer%2F" in text


def test_answers_are_kept_page_by_page_and_sent_at_the_end(survey, alice, client_of):
    client = client_of(alice)
    first = page(client, "answer/")
    assert first.status_code == 200
    assert "Why not?" not in first.content.decode()
    sent = {"q.colour": "red", "q.tree": "no", "shown": ["colour", "tree", "words"]}
    again = send(client, "answer/?page=p1", {**sent, "go": "next"})
    assert again.status_code == 302 and again.url.endswith("answer/?page=p1&more=yes#more")
    assert "Why not?" in page(client, "answer/", page="p1").content.decode()
    sent |= {"q.reason": "Roots.", "shown": ["colour", "tree", "reason", "words"]}
    on = send(client, "answer/?page=p1", {**sent, "go": "next"})
    assert on.url == "/en/polls/tram/check/"
    check = page(client, "check/")
    assert "Red" in check.content.decode() and "Roots." in check.content.decode()
    data = {name: hidden(check, name) for name in ("carried", "code")}
    assert Draft.objects.count() == 1 and not Ballot.objects.exists()
    done = send(client, "check/", {**data, "go": "send"})
    assert done.url == "/en/polls/tram/thanks/"
    assert page(client, "thanks/").status_code == 200
    assert Ballot.objects.get().answers["reason"] == {"text": "Roots."}
    assert not Draft.objects.exists()
    # The same page sent twice is one ballot.
    assert send(client, "check/", {**data, "go": "send"}).status_code == 302
    assert Ballot.objects.count() == 1 and Turnout.objects.count() == 1


def test_a_secret_poll_carries_the_answers_in_the_form_and_shows_the_receipt(
    ballot, alice, client_of
):
    client = client_of(alice)
    first = page(client, "answer/", slug="secret")
    carried = hidden(first, "carried")
    assert carried == "{}"
    data = {"q.colour": "red", "shown": ["colour", "tree"], "carried": carried, "go": "next"}
    check = send(client, "answer/?page=p1", data, slug="secret")
    assert check.status_code == 200
    assert not Draft.objects.exists()
    carried, code = hidden(check, "carried"), hidden(check, "code")
    assert json.loads(carried) == {"colour": {"option": "red"}}
    thanks = send(client, "check/", {"carried": carried, "code": code, "go": "send"}, slug="secret")
    assert thanks.status_code == 200
    assert code in thanks.content.decode().replace("-", "")
    assert Ballot.objects.get().turnout_id is None
    assert code not in str(client.session.items())
    # Voting again asks for the receipt of the first ballot.
    other = {"colour": {"option": "blue"}}
    refused = send(client, "check/", {"carried": json.dumps(other), "go": "send"}, slug="secret")
    assert refused.status_code == 409 and 'id="former"' in refused.content.decode()
    assert "Blue" in refused.content.decode()
    again = {"carried": json.dumps(other), "go": "send", "former": code}
    assert send(client, "check/", again, slug="secret").status_code == 200
    counted = Ballot.objects.counted(ballot)
    assert [row.answers for row in counted] == [other]


def test_what_is_wrong_is_said_and_what_was_typed_stays(survey, alice, client_of):
    client = client_of(alice)
    data = {"q.colour": "purple", "q.words": "Benches.", "shown": ["colour", "tree", "words"]}
    answer = send(client, "answer/?page=p1", {**data, "go": "next"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose one of the answers that are offered." in text and "Benches." in text
    # What was right is kept nevertheless.
    assert Draft.objects.get().answers == {"words": {"text": "Benches."}}


def test_typing_is_saved_and_questions_appear_without_a_new_page(survey, alice, client_of):
    client = client_of(alice)
    shown = ["colour", "tree", "words"]
    quiet = send(client, "answer/?page=p1", {"q.tree": "yes", "shown": shown, "go": "save"})
    assert quiet.status_code == 204 and quiet.headers["Kenes-Kept"] == "yes"
    more = send(client, "answer/?page=p1", {"q.tree": "no", "shown": shown, "go": "save"})
    assert more.status_code == 200 and "Why not?" in more.content.decode()
    assert "<html" not in more.content.decode()
    assert Draft.objects.get().answers == {"tree": {"option": "no"}}


def test_nobody_signed_in_keeps_the_page_and_is_told(survey, client):
    data = {"q.words": "Benches.", "fallback": '{"colour":{"option":"red"}}', "go": "next"}
    answer = send(client, "answer/?page=p1", data)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "We do not know any more who you are" in text and "Benches." in text
    assert json.loads(hidden(answer, "fallback")) == {"colour": {"option": "red"}}
    assert not Draft.objects.exists()
    data = {"carried": '{"colour":{"option":"red"}}', "go": "send"}
    answer = send(client, "check/", data)
    assert answer.status_code == 401 and "Red" in answer.content.decode()
    assert not Turnout.objects.exists()


def test_what_a_script_sends_for_nobody_changes_neither_page_nor_rows(survey, client):
    answer = send(client, "answer/?page=p1", {"q.words": "Benches.", "go": "save"})
    assert answer.status_code == 204 and "Kenes-Kept" not in answer.headers
    assert not Draft.objects.exists()


def test_a_forged_form_casts_nothing_and_shows_itself_again(survey, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    data = {"carried": '{"colour":{"option":"red"}}', "go": "send"}
    answer = send(client, "check/", data)
    assert answer.status_code == 200 and "Red" in answer.content.decode()
    assert "Nothing was sent yet" in answer.content.decode()
    assert not Turnout.objects.exists()
    # With the token of the page that came back it is sent.
    data["csrfmiddlewaretoken"] = hidden(answer, "csrfmiddlewaretoken")
    assert send(client, "check/", data).status_code == 302
    assert Turnout.objects.count() == 1


def test_a_forged_page_saves_no_draft(survey, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = send(client, "answer/?page=p1", {"q.words": "Benches.", "go": "next"})
    assert answer.status_code == 200 and "Benches." in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_vote_that_ended_meanwhile_says_so_and_shows_what_was_answered(survey, alice, client_of):
    end(survey)
    data = {"carried": '{"colour":{"option":"red"}}', "go": "send"}
    answer = send(client_of(alice), "check/", data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "It was not sent." in text and "Red" in text
    assert not Turnout.objects.exists()


def test_a_final_answer_is_told_kindly_and_can_be_withdrawn(bob, organisation, alice, client_of):
    poll = open_poll(bob, organisation, slug="final")
    client = client_of(alice)
    data = {"carried": '{"colour":{"option":"red"}}', "go": "send"}
    assert send(client, "check/", data, slug="final").status_code == 302
    again = page(client, "answer/", slug="final")
    assert again.status_code == 200 and "it is final" in again.content.decode()
    assert page(client, "withdraw/", slug="final").status_code == 200
    assert send(client, "withdraw/", {}, slug="final").url == "/en/polls/final/"
    assert not Ballot.objects.counted(poll).exists()
    assert "You withdrew your answer" in page(client, "answer/", slug="final").content.decode()
    assert fresh(poll).turnout_count == 0


def test_a_changed_mind_begins_with_what_was_said(survey, alice, client_of):
    client = client_of(alice)
    data = {"carried": '{"words":{"text":"Benches."}}', "go": "send"}
    send(client, "check/", data)
    assert "Benches." in page(client, "answer/").content.decode()
    data = {"carried": '{"words":{"text":"Shade."}}', "go": "send"}
    send(client, "check/", data)
    assert [row.answers for row in Ballot.objects.counted(survey)] == [
        {"words": {"text": "Shade."}}
    ]


def test_a_secret_vote_is_withdrawn_with_its_receipt_only(ballot, alice, client_of):
    client = client_of(alice)
    data = {"q.colour": "red", "shown": ["colour", "tree"], "go": "next"}
    check = send(client, "answer/?page=p1", data, slug="secret")
    data = {name: hidden(check, name) for name in ("carried", "code")}
    send(client, "check/", {**data, "go": "send"}, slug="secret")
    refused = send(client, "withdraw/", {"former": ""}, slug="secret")
    assert refused.status_code == 409
    done = send(client, "withdraw/", {"former": data["code"]}, slug="secret")
    assert "The code of the withdrawal" in done.content.decode()
    assert not Ballot.objects.counted(ballot).exists()


def test_wrong_answers_in_a_carried_form_are_named_and_nothing_is_cast(survey, alice, client_of):
    client = client_of(alice)
    wrong = {"colour": {"option": "purple"}, "words": {"text": "Benches."}}
    answer = send(client, "check/", {"carried": json.dumps(wrong), "go": "send"})
    assert answer.status_code == 400
    assert "Choose one of the answers that are offered." in answer.content.decode()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "carried", ["[", "[1]", '"x"', "{" * 9000, '{"colour": 7}', "null", "1e999"]
)
def test_a_broken_form_is_never_an_error(ballot, alice, client_of, carried):
    client = client_of(alice)
    for path, go in (
        ("answer/?page=p1", "next"),
        ("answer/?page=nope", "back"),
        ("check/", "send"),
    ):
        answer = send(client, path, {"carried": carried, "go": go}, slug="secret")
        assert answer.status_code in (200, 302, 400)


def test_consent_comes_before_the_first_question(bob, organisation, alice, client_of):
    open_poll(
        bob,
        organisation,
        slug="consent",
        consent={"en": "We keep it for two years."},
        consent_html={"en": "<p>We keep it for two years.</p>"},
    )
    client = client_of(alice)
    first = page(client, "answer/", slug="consent").content.decode()
    assert "We keep it for two years." in first and "Which colour" not in first
    assert send(client, "answer/", {"go": "consent"}, slug="consent").status_code == 302
    assert "Which colour" in page(client, "answer/", slug="consent").content.decode()


def test_an_invitation_code_lets_its_holder_in_once(bob, organisation, client):
    poll = open_poll(bob, organisation, slug="invited", eligibility="invited")
    code = make_codes(bob, poll=poll, number=1)[0]
    assert page(client, "answer/", slug="invited").url == "/en/polls/invited/code/"
    wrong = send(client, "code/", {"code": "A" * 26}, slug="invited")
    assert wrong.status_code == 403 and "A" * 26 in wrong.content.decode()
    right = send(client, "code/", {"code": code.lower()}, slug="invited")
    assert right.url == "/en/polls/invited/answer/"
    assert page(client, "answer/", slug="invited").status_code == 200
    data = {"carried": '{"colour":{"option":"red"}}', "go": "send"}
    assert send(client, "check/", data, slug="invited").status_code == 302
    elsewhere = Client()
    send(elsewhere, "code/", {"code": code}, slug="invited")
    assert "You have answered" in page(elsewhere, "answer/", slug="invited").content.decode()
    assert Turnout.objects.get().user is None


def test_guessing_codes_gets_slower(bob, organisation, client):
    open_poll(bob, organisation, slug="invited", eligibility="invited")
    for _try in range(5):
        assert send(client, "code/", {"code": "A" * 26}, slug="invited").status_code == 403
    assert send(client, "code/", {"code": "A" * 26}, slug="invited").status_code == 429


def test_a_pass_is_worked_for_and_given_once(bob, organisation, client):
    poll = open_poll(bob, organisation, slug="anyone", eligibility="anyone")
    assert page(client, "answer/", slug="anyone").url == "/en/polls/anyone/pass/"
    asked = page(client, "pass/", slug="anyone")
    challenge = Challenge.from_dict(json.loads(asked.context["challenge"]))
    solution = Payload(challenge, solve_challenge(challenge)).to_base64()
    assert send(client, "pass/", {"solution": "AAAA"}, slug="anyone").status_code == 400
    given = send(client, "pass/", {"solution": solution}, slug="anyone")
    assert given.url == "/en/polls/anyone/answer/"
    assert page(client, "answer/", slug="anyone").status_code == 200
    data = {"carried": '{"colour":{"option":"red"}}', "go": "send"}
    assert send(client, "check/", data, slug="anyone").status_code == 302
    assert Turnout.objects.get().voter.startswith("pass:")
    # The same work twice is one pass.
    assert send(Client(), "pass/", {"solution": solution}, slug="anyone").status_code == 409
    # And worth nothing in another poll.
    open_poll(bob, organisation, slug="other", eligibility="anyone")
    assert send(Client(), "pass/", {"solution": solution}, slug="other").status_code == 400
    assert poll.turnout_count == 0 and fresh(poll).turnout_count == 1


def test_passes_are_limited_by_address(bob, organisation, client):
    open_poll(bob, organisation, slug="anyone", eligibility="anyone")
    cache.set("limit:pass:127.0.0.1", 300, 3600)
    answer = send(client, "pass/", {"solution": "AAAA"}, slug="anyone")
    assert answer.status_code == 429


def test_what_one_told_about_oneself_is_kept_with_permission_only(
    bob, organisation, alice, client_of
):
    for slug in ("one", "two"):
        open_poll(bob, organisation, questions=(COLOURS, SEX, AGE), slug=slug)
    client = client_of(alice)
    said = {"sex": {"option": "f"}, "age": {"number": "44"}}
    data = {"carried": json.dumps(said), "go": "send"}
    assert send(client, "check/", data, slug="one").status_code == 302
    assert kept_profile(alice) is None
    send(client, "withdraw/", {}, slug="one")
    open_poll(bob, organisation, questions=(COLOURS, SEX, AGE), slug="three")
    assert send(client, "check/", {**data, "keep": "yes"}, slug="three").status_code == 302
    assert kept_profile(alice) == {"sex": "f", "age": str(timezone.localdate().year - 44)}
    prefilled = page(client, "answer/", slug="two").content.decode()
    assert 'value="44"' in prefilled and "is filled in already" in prefilled
    assert export_person(alice)["account"]["about_myself"]["sex"] == "f"
    assert client.post("/en/account/about-me/forget/").status_code == 302
    assert kept_profile(alice) is None


def test_a_full_quota_is_told_kindly_and_keeps_the_answers(bob, organisation, client_of):
    poll = draft_poll(bob, organisation, questions=(COLOURS, SEX), slug="quota")
    Quota.objects.create(poll=poll, cell={"sex": "f"}, target=1)
    publish(bob, process=poll.process)
    data = {"carried": '{"colour":{"option":"red"},"sex":{"option":"f"}}', "go": "send"}
    assert send(client_of(person()), "check/", data, slug="quota").status_code == 302
    second = send(client_of(person()), "check/", data, slug="quota")
    text = second.content.decode()
    assert second.status_code == 409 and "we have heard enough people like you" in text
    assert "It was not sent." in text and "Red" in text
    assert fresh(poll).turnout_count == Turnout.objects.count() == 1


def test_options_stand_in_an_order_of_each_voter_that_stays(bob, organisation, client_of):
    options = tuple(Option(key, {"en": key * 4}) for key in "abcdefgh")
    shuffled = Question(
        "mix", QuestionKind.SINGLE, {"en": "Which?"}, is_shuffled=True,
        options=(*options, Option("z", {"en": "Other"}, is_other=True)),
    )  # fmt: skip
    open_poll(bob, organisation, questions=(shuffled,), slug="mix")

    def order(client) -> list[str]:
        text = page(client, "answer/", slug="mix").content.decode()
        return sorted("abcdefghz", key=lambda key: text.index(f'value="{key}"'))

    clients = [client_of(person()) for _number in range(4)]
    orders = [order(client) for client in clients]
    assert orders == [order(client) for client in clients]
    assert len({"".join(found) for found in orders}) > 1
    assert all(found[-1] == "z" for found in orders)
