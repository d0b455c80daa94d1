"""A person follows a subject, stops, finds both in the list and in the export of what is theirs."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account, export_person
from accounts.models import Organisation, User
from common.verdicts import Refused
from notifications.actions import follow, unfollow
from notifications.audiences import NOTICED, told_of
from notifications.models import Follow
from processes.kinds import EntryKind
from processes.models import Entry, Subject
from tests.scenario import World, draft_consultation

pytestmark = pytest.mark.django_db


def test_following_twice_is_once(world: World, alice: User) -> None:
    first = follow(alice, subject=world.article)
    assert follow(alice, subject=world.article).pk == first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(user=alice, subject=world.article)
    assert (unfollow(alice, subject_id=world.article.pk), Follow.objects.count()) == (True, 0)
    assert not unfollow(alice, subject_id=world.article.pk)


def test_nobody_follows_what_is_not_theirs_to_read(
    bob: User, alice: User, organisation: Organisation, world: World
) -> None:
    draft = draft_consultation(bob, organisation, title="Not yet")
    hidden = Subject.objects.create(process=draft.process, kind="project", title="A park")
    for person, subject in ((alice, hidden), (AnonymousUser(), world.article)):
        with pytest.raises(Refused):
            follow(person, subject=subject)
    follow(bob, subject=hidden)


def test_the_button_works_without_a_script_and_comes_back(
    world: World, alice: User, client_of: Callable
) -> None:
    client, path = client_of(alice), f"/en/subjects/{world.article.pk}/"
    answer = client.post(f"{path}follow/")
    assert answer["Location"].endswith(f"/articles/{world.article.pk}/")
    page = client.get("/en/inbox/mail/").content.decode()
    assert "Width of pavements" in page
    assert client.post(f"{path}unfollow/?list")["Location"] == "/en/inbox/mail/"
    assert "Width of pavements" not in client.get("/en/inbox/mail/").content.decode()
    assert client.get(f"{path}follow/").status_code == 405
    assert client.post(f"/en/subjects/{2**70}/follow/").status_code == 404
    nobody = client_of(AnonymousUser()).post(f"{path}follow/")
    assert nobody["Location"].startswith("/en/accounts/login/")
    assert Follow.objects.count() == 0


def test_what_one_follows_is_in_the_export(world: World, alice: User, charlie: User) -> None:
    follow(alice, subject=world.article)
    [row] = export_person(alice)["follows"]
    assert row["subject_id"] == world.article.pk
    assert export_person(charlie)["follows"] == []


def test_who_closed_the_account_is_told_nothing(world: World, alice: User, charlie: User) -> None:
    follow(alice, subject=world.article)
    follow(charlie, subject=world.article)
    close_account(alice)
    entry = Entry.objects.create(
        kind=EntryKind.PROJECT_BUILT, process=world.process, subject=world.article
    )
    assert list(told_of(NOTICED, entry)) == [charlie]


def test_the_list_makes_the_same_queries_for_1_and_4(
    world: World, alice: User, client_of: Callable
) -> None:
    client = client_of(alice)
    client.get("/en/inbox/mail/")
    counts = []
    for subjects in (world.articles[:1], world.articles):
        for subject in subjects:
            follow(alice, subject=subject)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/en/inbox/mail/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
