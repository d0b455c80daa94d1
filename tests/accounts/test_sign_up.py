"""From the form by mail to the signed-in page, as a browser goes."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from tests import factories

PASSWORD = "correct horse battery"
FORM = {"email": "Dana@Example.org", "password1": PASSWORD, "name": "Dana", "language": "fr"}


def link_in(message) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", message.body).group(1)


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), FORM | changes)


def test_a_newcomer_signs_up_by_mail_and_is_back_where_they_were(db, client):
    back = reverse("accounts:account")
    page = client.get(reverse("account_signup"), {"next": back})
    assert page.status_code == 200
    sent = sign_up(client, next=back)
    assert sent.status_code == 302
    assert sent.url == reverse("account_email_verification_sent")
    assert client.get(sent.url).status_code == 200
    person = User.objects.get(email="dana@example.org")
    assert (person.name, person.language) == ("Dana", "fr")
    assert "_auth_user_id" not in client.session

    (message,) = mail.outbox
    assert message.to == ["dana@example.org"]
    confirm = link_in(message)
    assert client.get(confirm).status_code == 200
    assert not EmailAddress.objects.get(user=person).verified, "a GET confirms nothing"
    done = client.post(confirm)
    assert EmailAddress.objects.get(user=person).verified
    assert client.session["_auth_user_id"] == str(person.pk)
    assert done.status_code == 302
    assert client.get(done.url).status_code == 200


def test_the_mail_is_in_the_language_that_was_chosen(db, client):
    sign_up(client)
    (message,) = mail.outbox
    with translation.override("fr"):
        assert "/fr/" in link_in(message)


def test_nobody_signs_in_before_the_address_is_confirmed(db, client):
    sign_up(client)
    answer = client.post(
        reverse("account_login"), {"login": "dana@example.org", "password": PASSWORD}
    )
    assert answer.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session


def test_an_address_that_is_taken_is_not_betrayed(alice, client):
    answer = sign_up(client, email=alice.email)
    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert reverse("account_reset_password") in message.body


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "nobody", "valid email"),
        ("password1", "short", "at least 10"),
        ("password1", "password1234", "too common"),
        ("name", "", "required"),
        ("name", "a\x00b", "Null characters"),
        ("name", "x" * 121, "at most 120"),
        ("language", "tlh", "Select a valid choice"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(db, client, field, value, sentence):
    answer = client.post(reverse("account_signup"), FORM | {field: value})
    text = answer.content.decode()
    assert answer.status_code in (200, 400)
    assert not User.objects.exists()
    if answer.status_code == 200:
        assert sentence in text
        assert ("Dana@Example.org" if field != "email" else "Dana") in text


def test_a_person_signs_in_and_out(db, client):
    factories.person("Erin", password=PASSWORD)
    back = reverse("accounts:tokens")
    answer = client.post(
        reverse("account_login"),
        {"login": "ERIN@example.org", "password": PASSWORD, "next": back},
    )
    assert answer.url == back
    assert client.get(back).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(back).status_code == 302


def test_a_wrong_password_is_refused_in_words(db, client):
    factories.person("Erin", password=PASSWORD)
    answer = client.post(
        reverse("account_login"), {"login": "erin@example.org", "password": "another one 123"}
    )
    assert "not correct" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_sign_in_leads_to_no_other_site(db, client):
    factories.person("Erin", password=PASSWORD)
    answer = client.post(
        reverse("account_login"),
        {"login": "erin@example.org", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert "evil" not in answer.url


def test_a_forgotten_password_is_replaced_by_mail(db, client):
    person = factories.person("Erin", password=PASSWORD)
    client.post(reverse("account_reset_password"), {"email": person.email})
    (message,) = mail.outbox
    form = client.get(link_in(message), follow=True)
    assert form.status_code == 200
    address = form.redirect_chain[-1][0]
    done = client.post(address, {"password1": "another horse", "password2": "another horse"})
    assert done.status_code == 302
    assert client.get(done.url).status_code == 200
    person.refresh_from_db()
    assert person.check_password("another horse")


def test_an_address_is_changed_by_a_mail_to_the_new_one(alice, client_of):
    client = client_of(alice)
    page = reverse("account_email")
    assert client.get(page).status_code == 200
    client.post(page, {"action_add": "", "email": "alice@new.example"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    message = next(m for m in mail.outbox if m.to == ["alice@new.example"])
    client.post(link_in(message))
    alice.refresh_from_db()
    assert alice.email == "alice@new.example"


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
    ],
)
def test_pages_before_sign_in_are_in_our_design_without_a_query_string_in_them(db, client, name):
    page = client.get(reverse(name))
    text = page.content.decode()
    assert page.status_code == 200
    assert '<main id="main"' in text
    assert "style=" not in text


@pytest.mark.parametrize(
    "name", ["account_logout", "account_email", "account_change_password", "account_reauthenticate"]
)
def test_pages_after_sign_in_are_in_our_design(db, client_of, name):
    page = client_of(factories.person("Erin", password=PASSWORD)).get(reverse(name))
    text = page.content.decode()
    assert page.status_code == 200
    assert '<main id="main"' in text
    assert "style=" not in text


def test_dead_links_say_what_to_do(db, client):
    confirm = client.get(reverse("account_confirm_email", args=["nonsense"]))
    assert confirm.status_code == 200
    assert "too old" in confirm.content.decode()
    reset = client.get(reverse("account_reset_password_from_key", args=["1", "x-y"]))
    assert "too old" in reset.content.decode()


def test_too_many_attempts_are_stopped_with_a_page(db, client):
    form = {"login": "nobody@example.org", "password": "wrong wrong wrong"}
    for _ in range(12):
        answer = client.post(reverse("account_login"), form)
    assert answer.status_code == 200
    assert "Too many" in answer.content.decode()


def test_mail_that_cannot_be_sent_is_said_and_not_a_failure(db, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post(reverse("account_signup"), FORM, follow=True)
    assert answer.status_code == 200
    assert "could not be sent" in answer.content.decode()


def test_people_sign_up_and_in_while_the_cache_is_away(db, client, settings, tmp_path):
    away = settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/nothing.sock"}
    settings.CACHES = {"default": away}
    answer = client.post(reverse("account_signup"), FORM)
    assert answer.url == reverse("account_email_verification_sent")
    client.post(link_in(mail.outbox[0]))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": FORM["email"], "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_a_signed_in_page_spends_two_queries_on_who_it_is(bob, client_of):
    client = client_of(bob)
    client.get(reverse("api-docs"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("api-docs"))
    assert "Desk" in page.content.decode()
    session, person = (query["sql"] for query in queries)
    assert session.startswith('SELECT "django_session"')
    assert person.startswith('SELECT "accounts_user"')


@pytest.mark.django_db(transaction=True)
def test_of_many_who_sign_up_with_one_address_at_once_one_account_is_made():
    def once(_number) -> int:
        try:
            return Client(raise_request_exception=False).post("/en/accounts/signup/", FORM)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(once, range(6)))
    assert {answer.status_code for answer in answers} == {302}
    assert User.objects.count() == EmailAddress.objects.count() == 1
