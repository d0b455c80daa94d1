"""What the site cannot use is refused in words, never with a 500."""

import json

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from common import views
from common.middleware import PlainRefusals


@pytest.fixture
def browser(db) -> Client:
    """A client that reports a 500 as a response, as a server does."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/en/%00", "/en/?q=%00", "/en/?q=%ff", "/en/?%c3%28=1", "/%00"])
def test_addresses_that_mean_nothing_are_refused_with_a_page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/me/?x=%00", "/api/v1/%00/"])
def test_the_api_refuses_them_with_a_problem_document(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "bad_address"


@pytest.mark.parametrize("path", ["/en/%ff%fe/", "/api/v1/%ff/"])
def test_a_path_that_is_not_utf_8_leads_nowhere(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("body", [b"login=%00", b"login=%ff", b"login=\xff", b"login=\x00"])
def test_form_bodies_that_are_no_text_are_refused(browser, body):
    answer = browser.post(
        reverse("account_login"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400


def test_a_cookie_with_a_nul_is_refused(browser):
    browser.cookies["sessionid"] = "x"
    answer = browser.get(reverse("accounts:account"), HTTP_COOKIE='sessionid="a\\000b"')
    assert answer.status_code == 400


def test_cyrillic_and_emoji_are_welcome(browser):
    assert browser.get("/en/accounts/login/", {"next": "/en/закон/🙂/"}).status_code == 200


@pytest.mark.parametrize("path", ["/en/accounts/login/", "/api/v1/me/"])
def test_a_body_beyond_the_limit_is_a_413(browser, path, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = browser.post(path, b"x" * 1001, content_type="application/json")
    assert answer.status_code == 413


def test_too_many_fields_are_a_413(browser, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    answer = browser.post("/en/accounts/login/", {f"f{i}": "" for i in range(20)})
    assert answer.status_code == 413


def test_a_form_in_another_charset_is_refused(browser):
    answer = browser.post(
        "/en/accounts/login/",
        b"login=x",
        content_type="application/x-www-form-urlencoded; charset=koi8-r",
    )
    assert answer.status_code == 400


def test_a_broken_multipart_body_is_refused(browser):
    answer = browser.post(
        "/en/accounts/login/", b"xx", content_type="multipart/form-data; boundary="
    )
    assert answer.status_code == 400


def test_a_host_that_is_not_ours_is_refused(browser):
    answer = browser.get("/en/accounts/login/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(browser):
    answer = browser.get("/fr/nowhere/")
    assert answer.status_code == 404
    assert '<html lang="fr">' in answer.content.decode()


def test_an_address_of_the_api_that_is_not_there_is_a_problem_document(browser):
    answer = browser.get("/api/v1/nowhere/")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": answer.json()["detail"],
    }


def test_a_form_that_is_too_old_gives_back_what_was_typed_but_no_password(db):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        "/en/accounts/signup/",
        {"name": "Dana <b>", "password1": "very secret words", "email": "d@example.org"},
        headers={"referer": "http://testserver/en/accounts/signup/"},
    )
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Dana &lt;b&gt;" in text
    assert "d@example.org" in text
    assert "very secret words" not in text
    assert 'href="http://testserver/en/accounts/signup/"' in text


def test_the_way_back_leads_to_no_other_site(db):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/en/accounts/signup/", {}, headers={"referer": "https://evil.example/"})
    assert "evil.example" not in answer.content.decode()


def _failing(request, error):
    try:
        raise error
    except type(error):
        return views.server_error(request)


def test_a_failure_of_ours_gives_back_what_was_typed(rf: RequestFactory):
    answer = _failing(rf.post("/en/x/", {"body": "A long argument"}), RuntimeError("x"))
    assert answer.status_code == 500
    assert "A long argument" in answer.content.decode()


def test_while_the_database_is_away_pages_are_503_and_keep_what_was_typed(rf: RequestFactory):
    answer = _failing(rf.post("/en/x/", {"body": "A long argument"}), OperationalError("gone"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "A long argument" in answer.content.decode()


def test_a_nul_that_slipped_through_is_the_senders_mistake(rf: RequestFactory):
    layer = PlainRefusals(lambda request: HttpResponse())
    error = ValueError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    assert layer.process_exception(rf.get("/en/"), error).status_code == 400
    assert layer.process_exception(rf.get("/en/"), ValueError("other")) is None


def test_every_answer_has_a_request_id(browser):
    assert len(browser.get("/healthz/live").headers["X-Request-ID"]) == 16
    kept = browser.get("/healthz/live", headers={"x-request-id": "from-proxy-1"})
    assert kept.headers["X-Request-ID"] == "from-proxy-1"
    replaced = browser.get("/healthz/live", headers={"x-request-id": 'x"\\ {}'})
    assert replaced.headers["X-Request-ID"] != 'x"\\ {}'


def test_health_is_told(browser):
    assert browser.get("/healthz/live").json() == {"status": "ok"}
    ready = browser.get("/healthz/ready")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "database": "ok", "cache": "ok"}


def test_figures_are_for_who_knows_the_word(browser, settings):
    assert browser.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a long word"
    assert browser.get("/metrics").status_code == 404
    wrong = browser.get("/metrics", headers={"authorization": "Bearer another"})
    assert wrong.status_code == 404
    right = browser.get("/metrics", headers={"authorization": "Bearer a long word"})
    assert right.status_code == 200
    assert b'kenes_request_seconds_count{status="404"}' in right.content


def test_the_bare_address_leads_to_the_readers_language(browser):
    answer = browser.get("/", headers={"accept-language": "kk, ru;q=0.8"})
    assert (answer.status_code, answer.url) == (302, "/kk/")
    assert "Accept-Language" in answer.headers["Vary"]
    assert "sessionid" not in answer.cookies


def test_robots_are_kept_from_forms(browser):
    assert "Disallow: /admin/" in browser.get("/robots.txt").content.decode()


def test_logs_hold_no_address_of_a_person(browser, caplog):
    browser.get("/en/accounts/login/?next=/secret-name/")
    events = [record.msg for record in caplog.records if record.name == "kenes.web"]
    assert events[-1]["route"] == "account_login"
    assert "secret-name" not in json.dumps(events, default=str)
