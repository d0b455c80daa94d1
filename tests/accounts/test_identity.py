"""What is known about the person who asks, and what it costs to know it."""

import pytest

from accounts.actions import (
    close_account,
    verify_person,
)
from accounts.backends import EmailBackend
from accounts.kinds import Role, VerificationLevel
from accounts.permissions import (
    is_signed_in,
    is_verified,
    lives_in,
    may_answer_for,
    may_edit_for,
    may_moderate,
    may_own,
    works_for,
)


def test_the_person_comes_with_roles_and_verifications_in_one_query(
    bob, city, organisation, django_assert_num_queries
):
    verify_person(None, person=bob, level=VerificationLevel.RESIDENCE, area=city)
    with django_assert_num_queries(1):
        person = EmailBackend().get_user(bob.pk)
        assert person.roles == {organisation.pk: Role.OWNER}
        assert person.verified_areas == {VerificationLevel.RESIDENCE: city.path}
        assert person.has_desk
        assert may_edit_for(person, organisation.pk)
        assert lives_in(person, city.path)
        assert person.unread_count == 0


def test_a_plain_instance_asks_once(bob, organisation, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert may_edit_for(bob, organisation.pk)
        assert may_own(bob, organisation.pk)


def test_a_closed_person_is_nobody(alice):
    close_account(alice)
    assert EmailBackend().get_user(alice.pk) is None


@pytest.mark.parametrize("wrong", ["x", None, -1, 2**70])
def test_an_unknown_id_in_a_session_is_nobody(db, wrong):
    assert EmailBackend().get_user(wrong) is None


@pytest.mark.parametrize(
    ("name", "own", "edit", "answer", "work"),
    [
        ("bob", "ok", "ok", "ok", "ok"),
        ("edith", "role_too_small", "ok", "role_too_small", "ok"),
        ("otto", "role_too_small", "role_too_small", "ok", "ok"),
        ("olga", "not_of_this_body", "not_of_this_body", "not_of_this_body", "not_of_this_body"),
        ("alice", "not_of_this_body", "not_of_this_body", "not_of_this_body", "not_of_this_body"),
        ("mona", "not_of_this_body", "not_of_this_body", "not_of_this_body", "not_of_this_body"),
        ("nobody", "sign_in_first", "sign_in_first", "sign_in_first", "sign_in_first"),
    ],
)
def test_roles_open_what_they_say(request, organisation, name, own, edit, answer, work):
    person = request.getfixturevalue(name)
    assert may_own(person, organisation.pk).code == own
    assert may_edit_for(person, organisation.pk).code == edit
    assert may_answer_for(person, organisation.pk).code == answer
    assert works_for(person, organisation.pk).code == work


def test_only_moderators_moderate(mona, alice, nobody):
    assert may_moderate(mona)
    assert may_moderate(alice).status == 403
    assert may_moderate(nobody).status == 401
    assert not is_signed_in(nobody)


def test_a_resident_lives_in_the_city_and_its_country_but_not_in_the_village(
    resident, city, country, village, charlie, nobody
):
    assert is_verified(resident)
    assert lives_in(resident, city.path)
    assert lives_in(resident, country.path)
    assert not lives_in(resident, village.path)
    assert not lives_in(resident, "")
    assert is_verified(charlie).code == "not_verified"
    assert lives_in(charlie, city.path).code == "not_a_resident"
    assert is_verified(nobody).status == lives_in(nobody, city.path).status == 401


def test_a_path_that_begins_like_another_is_not_inside_it(alice, city):
    verify_person(None, person=alice, level=VerificationLevel.RESIDENCE, area=city)
    alice.verified_areas[VerificationLevel.RESIDENCE] = "1.23."
    assert not lives_in(alice, "1.2.")
    assert lives_in(alice, "1.")
