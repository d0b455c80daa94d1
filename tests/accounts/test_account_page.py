"""What a person can do with the own account."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.actions import (
    TOKEN_LIMIT,
    close_account,
    create_token,
    grant_role,
    register_person,
    revoke_role,
    revoke_token,
    verify_person,
)
from accounts.kinds import EXPORT_SECTIONS, Role, VerificationLevel
from accounts.models import Membership, Token, User, Verification
from common.verdicts import Refused
from tests import factories

PASSWORD = "correct horse battery"


def test_the_page_shows_roles_and_what_was_checked(bob, city, client_of):
    verify_person(None, person=bob, level=VerificationLevel.RESIDENCE, area=city)
    text = client_of(bob).get(reverse("accounts:account")).content.decode()
    assert "City-Council council – Owner" in text
    assert "Residence checked" in text


def test_name_and_language_change_and_the_page_speaks_the_new_language(alice, client_of):
    answer = client_of(alice).post(
        reverse("accounts:account"), {"name": "  Alice \n A. ", "language": "fr"}
    )
    assert answer.url == "/fr/account/"
    alice.refresh_from_db()
    assert (alice.name, alice.language) == ("Alice A.", "fr")


def test_a_refused_change_keeps_what_was_typed(alice, client_of):
    answer = client_of(alice).post(
        reverse("accounts:account"), {"name": "Alicia", "language": "tlh"}
    )
    assert answer.status_code == 400
    assert "Alicia" in answer.content.decode()


def test_a_token_is_shown_once_works_and_is_revoked(alice, client_of):
    client = client_of(alice)
    page = client.post(reverse("accounts:tokens"), {"name": "my script"})
    plain = page.context["plain"]
    assert plain in page.content.decode()
    assert plain not in client.get(reverse("accounts:tokens")).content.decode()
    token = Token.objects.get(user=alice)
    assert plain not in (token.digest, token.hint)
    header = {"authorization": f"Bearer {plain}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 200
    token.refresh_from_db()
    assert token.used_on == timezone.now().date()
    client.post(reverse("accounts:revoke-token", args=[token.pk]))
    client.logout()
    assert client.get("/api/v1/me/", headers=header).status_code == 401


def test_a_token_costs_one_query_from_its_second_use_on(alice, api_of, django_assert_num_queries):
    client = api_of(alice)
    client.get("/api/v1/me/")
    with django_assert_num_queries(1):
        client.get("/api/v1/me/")


def test_nobody_revokes_the_token_of_another(alice, charlie):
    token, _plain = create_token(alice, name="mine")
    revoke_token(charlie, token_id=token.pk)
    assert Token.objects.filter(pk=token.pk).exists()


def test_tokens_are_limited_in_number(alice, client_of):
    for number in range(TOKEN_LIMIT):
        create_token(alice, name=str(number))
    answer = client_of(alice).post(reverse("accounts:tokens"), {"name": "one more"})
    assert answer.status_code == 400
    assert "Revoke a token" in answer.content.decode()
    assert alice.tokens.count() == TOKEN_LIMIT


def test_the_command_prints_the_token_alone(alice):
    out = StringIO()
    call_command("create_token", "ALICE@example.org", stdout=out)
    (line,) = out.getvalue().splitlines()
    assert Token.objects.get().digest == Token.digest_of(line)


def test_the_command_says_that_there_is_no_such_person(db):
    with pytest.raises(CommandError, match="no person"):
        call_command("create_token", "nobody@example.org")


def test_the_operators_commands_make_and_verify_people(organisation, city):
    out = StringIO()
    call_command(
        "create_person",
        "Paula@example.org",
        "--name=Paula",
        "--organisation=city-council",
        "--role=editor",
        stdout=out,
    )
    paula = User.objects.get(email="paula@example.org")
    assert paula.check_password(out.getvalue().strip())
    assert paula.roles == {organisation.pk: Role.EDITOR}
    call_command("verify_person", "paula@example.org", "--area=city", stdout=out)
    assert User.objects.get(pk=paula.pk).verified_areas == {
        VerificationLevel.IDENTITY: "",
        VerificationLevel.RESIDENCE: city.path,
    }
    with pytest.raises(CommandError):
        call_command("create_person", "paula@example.org")
    with pytest.raises(CommandError):
        call_command("verify_person", "paula@example.org", "--area=nowhere")


def test_an_administrator_gets_into_the_administration(db, client):
    call_command("create_person", "root@example.org", f"--password={PASSWORD}", "--administrator")
    asked = client.get("/admin/", follow=True)
    assert asked.status_code == 200
    assert "/accounts/login/" in asked.redirect_chain[-1][0]
    form = {"login": "root@example.org", "password": PASSWORD, "next": "/admin/"}
    assert client.post(reverse("account_login"), form).url == "/admin/"
    for page in ("", "accounts/user/", "accounts/area/add/", "accounts/organisation/add/"):
        assert client.get(f"/admin/{page}").status_code == 200


def test_my_data_is_one_file(alice, client_of, monkeypatch):
    monkeypatch.setitem(EXPORT_SECTIONS, "shoes", lambda person: [person.name])
    answer = client_of(alice).get(reverse("accounts:export"))
    data = json.loads(answer.content)
    assert data["shoes"] == ["Alice"]
    assert data["account"]["email"] == "alice@example.org"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "password" not in answer.content.decode()


def test_closing_asks_for_the_password(db, client_of):
    erin = factories.person("Erin", password=PASSWORD)
    client = client_of(erin)
    page = reverse("accounts:close")
    assert client.get(page).status_code == 200
    assert client.post(page, {"password": "wrong"}).status_code == 400
    erin.refresh_from_db()
    assert erin.closed_at is None


def test_closing_forgets_the_person_and_ends_everything(db, client_of):
    erin = factories.person("Erin", password=PASSWORD)
    _token, plain = create_token(erin, name="x")
    elsewhere, client = client_of(erin), client_of(erin)
    answer = client.post(reverse("accounts:close"), {"password": PASSWORD})
    assert answer.status_code == 302
    erin.refresh_from_db()
    assert erin.closed_at is not None
    assert str(erin) == "Former participant"
    assert "erin" not in erin.email
    assert not erin.has_usable_password()
    assert elsewhere.get(reverse("accounts:account")).status_code == 302
    header = {"authorization": f"Bearer {plain}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 401


def test_the_address_of_a_closed_account_is_free_again(db):
    erin = factories.person("Erin", password=PASSWORD)
    close_account(erin)
    assert register_person(email="erin@example.org", password=None, name="Erin").pk != erin.pk


def test_the_last_owner_can_neither_close_nor_leave(bob, edith, organisation):
    for leave in (
        lambda: close_account(bob),
        lambda: revoke_role(bob, person=bob, organisation=organisation),
        lambda: grant_role(bob, person=bob, organisation=organisation, role=Role.EDITOR),
    ):
        with pytest.raises(Refused) as refusal:
            leave()
        assert refusal.value.verdict.code == "last_owner"
    grant_role(bob, person=edith, organisation=organisation, role=Role.OWNER)
    close_account(bob)
    assert not Membership.objects.filter(user=bob).exists()


def test_only_owners_grant_roles(otto, olga, edith, charlie, organisation):
    for person in (otto, olga, edith, charlie):
        with pytest.raises(Refused):
            grant_role(person, person=charlie, organisation=organisation, role=Role.ANSWERER)
    assert not Membership.objects.filter(user=charlie).exists()


def test_moving_replaces_the_residence(alice, city, village):
    for area in (city, village):
        verify_person(None, person=alice, level=VerificationLevel.RESIDENCE, area=area)
    assert Verification.objects.get(user=alice).area == village
    with pytest.raises(Refused):
        verify_person(None, person=alice, level=VerificationLevel.RESIDENCE)
    with pytest.raises(Refused):
        verify_person(alice, person=alice, level=VerificationLevel.IDENTITY)


def test_an_address_registers_once(alice):
    with pytest.raises(Refused) as refusal:
        register_person(email="ALICE@example.org ", password=None, name="Other")
    assert refusal.value.verdict.status == 409
