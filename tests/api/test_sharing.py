"""What nobody signed in for is everybody's; what somebody signed in for is theirs."""

import pytest

from deliberation.actions import take_position

pytestmark = pytest.mark.django_db
API = "/api/v1"


def test_a_public_answer_carries_a_validator_and_may_be_kept_by_proxies(world, client, alice):
    address = f"{API}/subjects/{world.article.pk}/"
    answer = client.get(address)
    assert answer.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    for name in ("Accept-Language", "Authorization", "Cookie"):
        assert name in answer.headers["Vary"]
    etag = answer.headers["ETag"]
    known = client.get(address, headers={"if-none-match": etag})
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["ETag"] == etag
    take_position(alice, subject_id=world.article.pk, value="agree")
    fresh = client.get(address, headers={"if-none-match": etag})
    assert fresh.status_code == 200
    assert fresh.json()["agree_count"] == 1


def test_scripts_of_other_sites_may_read_what_is_public(world, client):
    for path in (f"subjects/{world.article.pk}/", "processes/", "subjects/999999/"):
        answer = client.get(f"{API}/{path}", headers={"origin": "https://example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_what_somebody_signed_in_for_is_kept_by_nobody(world, alice, api_of, client_of):
    for client in (api_of(alice), client_of(alice)):
        for path in (f"subjects/{world.article.pk}/", "me/"):
            answer = client.get(f"{API}/{path}", headers={"origin": "https://example.org"})
            assert "private" in answer.headers["Cache-Control"]
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert "ETag" not in answer.headers


def test_a_refusal_is_kept_by_nobody(world, client):
    for path in ("subjects/999999/", "processes/?kind=nonsense", "me/"):
        assert "public" not in client.get(f"{API}/{path}").headers["Cache-Control"]


def test_a_session_writes_with_the_forms_token_only(world, alice):
    from rest_framework.test import APIClient

    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)
    address = f"{API}/subjects/{world.article.pk}/position/"
    refused = client.put(address, {"value": "agree"})
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    client.get("/en/account/")
    token = client.cookies["csrftoken"].value
    taken = client.put(address, {"value": "agree"}, headers={"x-csrftoken": token})
    assert taken.status_code == 200


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(world, client):
    answer = client.get(f"{API}/processes?kind=consultation")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/processes/?kind=consultation")
