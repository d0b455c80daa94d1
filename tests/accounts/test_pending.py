"""Nothing typed is lost to an expired session."""

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from accounts import pending
from config import urls
from tests import factories

PASSWORD = "correct horse battery"


@pending.signed_in_to_post
def write(request, **_arguments):
    if request.method == "POST":
        return HttpResponse(f"posted {request.POST['body']}")
    typed = pending.take(request)
    return HttpResponse(f"{typed.action}: {typed.fields.getlist('body')}" if typed else "empty")


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [
    path("write/", write),
    path("items/<int:item>/comments/", write),
    *urls.urlpatterns,
]
here = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture
def erin(db):
    return factories.person("Erin", password=PASSWORD)


def sign_in(client, address):
    page = client.get(address)
    assert page.status_code == 200
    back = page.context["redirect_field_value"]
    return client.post(
        reverse("account_login"), {"login": "erin@example.org", "password": PASSWORD, "next": back}
    )


@here
def test_what_was_typed_waits_behind_the_sign_in(erin):
    client = Client()
    sent = client.post("/write/", {"body": ["Қазақша мәтін", "second"], "other": "1"})
    assert sent.status_code == 302
    assert client.get("/write/").content == b"empty", "only its author may see it"
    back = sign_in(client, sent.url)
    assert back.url == "/write/"
    filled = client.get(back.url).content.decode()
    assert filled == "/write/: ['Қазақша мәтін', 'second']"
    assert client.get("/write/").content == b"empty", "it is given back once"


@here
def test_one_returns_to_the_page_on_which_the_form_stood(erin):
    client = Client()
    sent = client.post(
        "/items/7/comments/", {"body": "x"}, headers={"referer": "http://testserver/write/?page=2"}
    )
    back = sign_in(client, sent.url)
    assert back.url == "/write/?page=2"
    assert client.get(back.url).content.decode() == "/items/7/comments/: ['x']"


@here
@pytest.mark.parametrize("given", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_back_leads_to_no_other_site(db, given):
    sent = Client().post("/write/", {"body": "x", "back": given}, headers={"referer": given})
    assert "evil" not in sent.url
    assert sent.url.endswith("next=%2Fwrite%2F")


@here
def test_who_is_signed_in_just_posts(erin, client_of):
    assert client_of(erin).post("/write/", {"body": "x"}).content == b"posted x"


@here
def test_a_page_fragment_is_told_to_go_to_the_sign_in(db):
    sent = Client().post("/write/", {"body": "x"}, headers={"hx-request": "true"})
    assert sent.headers["HX-Redirect"].startswith(reverse("account_login"))


@here
def test_what_is_too_long_to_keep_is_shown_to_be_copied(db):
    answer = Client().post("/write/", {"body": "y" * 100_001})
    assert answer.status_code == 401
    assert "y" * 100_001 in answer.content.decode()


@here
def test_the_page_of_a_reader_without_session_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/write/").content == b"empty"


@here
def test_only_the_last_few_forms_are_kept(erin):
    client = Client()
    for number in range(pending.KEPT + 2):
        client.post(f"/items/{number}/comments/", {"body": "x"})
    assert len(client.session[pending.SESSION_KEY]) == pending.KEPT
