"""Taking part by pages: with and without a script, refused, expired, sent twice, counted queries."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations.actions import propose_amendment, propose_new_article
from consultations.models import Proposal
from deliberation.actions import post_comment, support_comment, withdraw_comment
from deliberation.models import Comment, Position, Source
from tests import factories
from tests.counts import assert_counts_hold
from tests.scenario import end_phases

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
IDENTITY = {"session": "django_session", "person": 'FROM "accounts_user"'}
POSTED = {
    "subject's counters": "UPDATE processes_subject",
    "participation and the process's counters": "processes_participation",
    "journal": 'INSERT INTO "processes_entry"',
}


def talk(world, tail):
    return f"/en/subjects/{world.article.pk}/{tail}"


def text(world, tail):
    return f"/en/consultations/{world.process.slug}/{tail}"


def statements(client, address, data, **extra):
    """The answer to a POST and its statements, BEGIN and COMMIT apart."""
    with CaptureQueriesContext(connection) as captured:
        response = client.post(address, data, **extra)
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return response, [query["sql"] for query in captured if not query["sql"].startswith(marks)]


def assert_named(made, expected):
    """Exactly these statements, in any order: {name: a piece of it}."""
    left = list(made)
    for name, piece in expected.items():
        found = next((sql for sql in left if piece in sql), None)
        assert found is not None, (name, left)
        left.remove(found)
    assert not left


# --- Budgets


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extra", [{}, HTMX], ids=["page", "part"])
def test_taking_a_position_makes_six_queries(world, alice, client_of, extra):
    client = client_of(alice)
    named = IDENTITY | {
        "subject with its frame": 'FROM "processes_subject"',
        "position": "deliberation_position",
        "subject's counters": "UPDATE processes_subject",
        "participation and the process's counters": "processes_participation",
    }
    response, made = statements(client, talk(world, "position/"), {"value": "agree"}, **extra)
    assert response.status_code == (200 if extra else 302)
    assert_named(made, named)
    _answer, made = statements(client, talk(world, "position/"), {"value": "mixed"}, **extra)
    assert len(made) <= 6


@pytest.mark.django_db(transaction=True)
def test_posting_an_argument_makes_seven_queries(world, alice, client_of):
    data = {"stance": "for", "body": "Room for two.", "once": str(uuid4())}
    response, made = statements(client_of(alice), talk(world, "comments/"), data)
    assert response.status_code == 302
    assert_named(
        made,
        IDENTITY
        | POSTED
        | {
            "subject with its frame": 'FROM "processes_subject"',
            "comment": 'INSERT INTO "deliberation_comment"',
        },
    )


@pytest.mark.django_db(transaction=True)
def test_replying_makes_eight_queries(world, alice, client_of):
    row = post_comment(alice, subject_id=world.article.pk, body="One", stance="for")
    address = f"/en/subjects/comments/{row.pk}/reply/"
    response, made = statements(client_of(alice), address, {"body": "Two"})
    assert response.status_code == 302
    assert_named(
        made,
        IDENTITY
        | POSTED
        | {
            "reply": 'INSERT INTO "deliberation_comment"',
            "number of replies": 'UPDATE "deliberation_comment"',
            "comment with its frame": 'FROM "deliberation_comment"',
        },
    )


@pytest.mark.django_db(transaction=True)
def test_posting_an_amendment_makes_eight_queries(world, alice, client_of):
    data = {"body": "Three metres.", "reason": "Prams.", "title": "", "once": str(uuid4())}
    address = text(world, f"articles/{world.article.pk}/amend/")
    response, made = statements(client_of(alice), address, data)
    assert response.status_code == 302
    assert_named(
        made,
        IDENTITY
        | POSTED
        | {
            "current wording with its frame": 'FROM "consultations_wording"',
            "subject": 'INSERT INTO "processes_subject"',
            "proposal": 'INSERT INTO "consultations_proposal"',
        },
    )


@pytest.mark.django_db(transaction=True)
def test_posting_a_new_article_makes_eight_queries(world, alice, client_of):
    data = {"title": "Benches", "body": "A bench.", "section": world.wording().parent_id}
    response, made = statements(client_of(alice), text(world, "proposals/new/"), data)
    assert response.status_code == 302
    assert_named(
        made,
        IDENTITY
        | POSTED
        | {
            "consultation with its timetable": 'FROM "consultations_consultation"',
            "subject": 'INSERT INTO "processes_subject"',
            "proposal": 'INSERT INTO "consultations_proposal"',
        },
    )


# --- Once


FORMS = {
    "argument": ("comments/", {"stance": "for", "body": "Room."}, Comment),
    "source": (
        "sources/",
        {"title": "A", "url": "https://example.org/", "category": "blog"},
        Source,
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_sent_twice_posts_once(world, alice, client_of, name):
    tail, data, model = FORMS[name]
    once = str(uuid4())
    client = client_of(alice)
    answers = [client.post(talk(world, tail), data | {"once": once}) for _each in range(2)]
    assert answers[0].url == answers[1].url
    assert model.objects.count() == 1
    client.post(talk(world, tail), data | {"once": str(uuid4())})
    assert model.objects.count() == 2
    assert_counts_hold(world.process)


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_many_times_at_once_posts_once(world, alice, client_of):
    client = client_of(alice)
    cookie = client.cookies["sessionid"].value
    amendment = {"body": "Three metres.", "reason": "", "once": str(uuid4())}
    argument = {"stance": "for", "body": "Room.", "once": str(uuid4())}

    def send(number: int) -> int:
        browser = Client()
        browser.cookies["sessionid"] = cookie
        try:
            if number % 2:
                address = text(world, f"articles/{world.article.pk}/amend/")
                return browser.post(address, amendment).status_code
            return browser.post(talk(world, "comments/"), argument).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(20))) == {302}
    assert (Comment.objects.count(), Proposal.objects.count()) == (1, 1)
    assert_counts_hold(world.process)


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_of_one_person_at_once_are_one_position(world, alice, client_of):
    cookie = client_of(alice).cookies["sessionid"].value

    def click(number: int) -> int:
        browser = Client()
        browser.cookies["sessionid"] = cookie
        try:
            value = ("agree", "mixed", "disagree", "withdraw")[number % 4]
            return browser.post(talk(world, "position/"), {"value": value}, **HTMX).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(click, range(20))) == {200}
    assert Position.objects.count() == 1
    assert_counts_hold(world.process)


# --- Nothing typed is lost


KEPT = [
    ("comments/", {"body": "Typed with care."}),
    ("comments/", {"stance": "for", "body": "Typed with care." + "x" * 50_001}),
    ("sources/", {"title": "Typed with care.", "url": "nowhere", "category": "law"}),
]


@pytest.mark.parametrize(("tail", "data"), KEPT)
def test_an_error_keeps_what_was_typed(world, alice, client_of, tail, data):
    answer = client_of(alice).post(talk(world, tail), data)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Typed with care." in page
    assert "ds-error-summary" in page


def test_a_closed_phase_keeps_what_was_typed(world, bob, alice, client_of):
    row = post_comment(alice, subject_id=world.article.pk, body="One", stance="for")
    proposal = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    end_phases(bob, world.process)
    client = client_of(alice)
    forms = {
        talk(world, "comments/"): {"stance": "for", "body": "Typed late."},
        talk(world, "sources/"): {
            "title": "Typed late.",
            "url": "https://example.org/",
            "category": "law",
        },
        f"/en/subjects/comments/{row.pk}/reply/": {"body": "Typed late."},
        f"/en/subjects/comments/{row.pk}/edit/": {"body": "Typed late."},
        text(world, f"articles/{world.article.pk}/amend/"): {"body": "Typed late."},
        text(world, "proposals/new/"): {"title": "T", "body": "Typed late."},
        text(world, f"proposals/{proposal.subject_id}/edit/"): {
            "title": "T",
            "body": "Typed late.",
        },
    }
    for address, data in forms.items():
        answer = client.post(address, data)
        page = answer.content.decode()
        assert answer.status_code == 409, address
        assert "Typed late." in page, address
        assert "ended on" in page, address


def test_an_expired_session_keeps_what_was_typed(world, alice, settings):
    alice.set_password("correct horse battery")
    alice.save(update_fields=["password"])
    row = post_comment(alice, subject_id=world.article.pk, body="One", stance="for")
    proposal = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    forms = {
        talk(world, "comments/"): {"stance": "against", "body": "Typed before."},
        talk(world, "sources/"): {
            "title": "Typed before.",
            "url": "https://x.org/",
            "category": "law",
        },
        f"/en/subjects/comments/{row.pk}/reply/": {"body": "Typed before."},
        f"/en/subjects/comments/{row.pk}/edit/": {"body": "Typed before."},
        text(world, f"articles/{world.article.pk}/amend/"): {"body": "Typed before."},
        text(world, "proposals/new/"): {"title": "T", "body": "Typed before."},
        text(world, f"proposals/{proposal.subject_id}/edit/"): {
            "title": "T",
            "body": "Typed before.",
        },
    }
    for address, data in forms.items():
        browser = Client()
        sent = browser.post(address, data)
        assert sent.status_code == 302, address
        credentials = {"login": alice.email, "password": "correct horse battery"}
        entered = browser.post(sent.url, credentials)
        assert entered.url == address
        assert "Typed before." in browser.get(address).content.decode(), address
    assert Comment.objects.count() == 1


def test_an_edit_that_resets_positions_is_confirmed_with_everything_still_there(
    world, alice, charlie, client_of
):
    proposal = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    client_of(charlie).post(f"/en/subjects/{proposal.subject_id}/position/", {"value": "agree"})
    client = client_of(alice)
    address = text(world, f"proposals/{proposal.subject_id}/edit/")
    assert "1 person took a position" in client.get(address).content.decode()
    data = {"title": "Wider", "body": "Four metres.", "reason": "Prams."}
    warned = client.post(address, data)
    assert warned.status_code == 409
    page = warned.content.decode()
    assert 'name="confirmed_resets" value="1"' in page
    assert "Four metres." in page
    assert client.post(address, data | {"confirmed_resets": "1"}).status_code == 302
    assert Proposal.objects.get().body == "Four metres."
    assert Position.objects.get().value is None
    assert_counts_hold(world.process)


# --- With and without a script


def test_a_choice_without_a_script_leads_back_to_the_bar(world, alice, client_of):
    answer = client_of(alice).post(talk(world, "position/"), {"value": "agree"}, follow=True)
    assert answer.redirect_chain[0][0].endswith("#position")
    assert "You agree" in answer.content.decode()


def test_a_choice_with_a_script_changes_only_its_part(world, alice, client_of):
    answer = client_of(alice).post(talk(world, "position/"), {"value": "agree"}, **HTMX)
    part = answer.content.decode()
    assert part.startswith('<div class="position"')
    assert "You agree" in part
    assert "csrfmiddlewaretoken" in part


def test_a_choice_after_the_phase_says_why_not(world, bob, alice, client_of):
    end_phases(bob, world.process)
    client = client_of(alice)
    part = client.post(talk(world, "position/"), {"value": "agree"}, **HTMX)
    assert part.status_code == 422
    assert "ended on" in part.content.decode()
    page = client.post(talk(world, "position/"), {"value": "agree"}, follow=True)
    assert "ended on" in page.content.decode()
    assert not Position.objects.exists()


def test_what_was_posted_is_seen_at_once_whatever_its_support(world, alice, charlie, client_of):
    for n in range(25):
        row = post_comment(charlie, subject_id=world.article.pk, body=f"Old {n}", stance="for")
        support_comment(alice, comment_id=row.pk)
    answer = client_of(alice).post(
        talk(world, "comments/"), {"stance": "for", "body": "Brand new."}, follow=True
    )
    assert "Brand new." in answer.content.decode()


def test_support_is_given_and_taken_back_by_a_button(world, alice, charlie, client_of):
    row = post_comment(charlie, subject_id=world.article.pk, body="One", stance="for")
    client = client_of(alice)
    address = f"/en/subjects/comments/{row.pk}/support/"
    client.post(address)
    assert Comment.objects.get().support_count == 1
    client.post(f"{address}?end=1")
    assert Comment.objects.get().support_count == 0


def test_the_difference_grows_beside_the_text_and_similar_ones_appear(
    world, alice, charlie, client_of
):
    propose_amendment(
        charlie,
        section_id=world.section().pk,
        body="A pavement is at least two and a half metres wide.",
        reason="",
        title="Two and a half metres",
    )
    data = {"body": "A pavement is at least two and a half metres wide, says I."}
    client = client_of(alice)
    address = text(world, f"articles/{world.article.pk}/amend/?preview=1")
    part = client.post(address, data, **HTMX).content.decode()
    assert "<ins>" in part
    assert "<html" not in part
    assert "Two and a half metres" in part
    page = client.post(address, data | {"reason": "Kept too."}).content.decode()
    assert "<ins>" in page
    assert "Kept too." in page
    assert Proposal.objects.count() == 1


def test_a_text_without_end_is_not_compared(world, alice, client_of):
    address = text(world, f"articles/{world.article.pk}/amend/?preview=1")
    part = client_of(alice).post(address, {"body": "x " * 30_000}, **HTMX).content.decode()
    assert "too long to compare" in part


def test_similar_contributions_are_found_by_their_words(world, alice, client_of, nobody):
    propose_new_article(
        alice,
        consultation=world.consultation,
        title="Benches in the shade",
        body="There is a bench every hundred metres, under a tree.",
        reason="",
    )
    address = talk(world, "similar/")
    client = client_of(nobody)
    question = {"body": "a bench every hundred metres"}
    assert "Benches in the shade" in client.get(address, question).content.decode()
    part = client.get(address, question, **HTMX).content.decode()
    assert "Benches in the shade" in part
    assert "<html" not in part
    assert client.get(address, {"body": "zzz"}, **HTMX).content.decode().strip() == ""
    asked = client_of(alice).post(talk(world, "comments/?look=1"), question).content.decode()
    assert "Benches in the shade" in asked
    assert not Comment.objects.exists()


def test_an_argument_that_somebody_has_made_is_shown_before_it_is_made_again(
    world, alice, charlie, client_of
):
    body = "Two wheelchairs cannot pass on so narrow a pavement."
    said = post_comment(charlie, subject_id=world.article.pk, body=body, stance="against")
    russian = "Две коляски не разойдутся на таком узком тротуаре."
    post_comment(charlie, subject_id=world.article.pk, body=russian, language="ru")
    post_comment(charlie, subject_id=world.article.pk, body="Trees give shade to pavements.")
    post_comment(charlie, subject_id=world.articles[1].pk, body=body)
    client = client_of(alice)
    typed = {"body": "wheelchairs can not pass: the pavement is narrow", "stance": "against"}
    with CaptureQueriesContext(connection) as captured:
        part = client.post(talk(world, "similar/"), typed, **HTMX).content.decode()
    assert len(captured) <= 8
    assert part.count("<li>") == 1
    assert f"/en/subjects/comments/{said.pk}/" in part
    whole = client.post(talk(world, "comments/?look=1"), typed).content.decode()
    assert "Somebody has said something like this already" in whole
    found = client.post(talk(world, "similar/"), {"body": "узкий тротуар, коляски"}, **HTMX)
    assert '<span lang="ru">Две коляски' in found.content.decode()
    withdraw_comment(charlie, comment_id=said.pk)
    again = client.post(talk(world, "similar/"), typed, **HTMX).content.decode()
    assert "wheelchairs" not in again


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_of_all_arguments_makes_four_queries(world, alice, client_of, number):
    person: User = factories.person()
    for n in range(number):
        post_comment(person, subject_id=world.article.pk, body=f"Because {n}", stance="for")
    client = client_of(alice)
    with CaptureQueriesContext(connection) as captured:
        client.get(talk(world, "comments/"))
    assert len(captured) == 4
