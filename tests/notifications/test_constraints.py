"""What must be once is once by the database alone."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from notifications.models import Delivery, Notice, Subscription
from processes.kinds import EntryKind
from processes.models import Entry
from tests.scenario import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(world: World) -> Entry:
    return Entry.objects.create(kind=EntryKind.VERSION_PUBLISHED, process=world.process)


def twice(model: Any, **fields: Any) -> None:
    """Store the row, and fail to store it again."""
    model.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


def test_one_delivery_for_each_entry_person_and_channel(entry: Entry, alice: User) -> None:
    twice(Delivery, entry=entry, user=alice, channel="mail")
    Delivery.objects.create(entry=entry, user=alice, channel="site")


@pytest.mark.parametrize("has_subject", [True, False])
def test_one_unread_notice_of_a_kind_about_one_thing(
    entry: Entry, world: World, alice: User, charlie: User, has_subject: bool
) -> None:
    subject = world.article if has_subject else None
    fields = {"kind": entry.kind, "entry": entry, "process": world.process, "subject": subject}
    twice(Notice, user=alice, **fields)
    Notice.objects.create(user=charlie, **fields)
    Notice.objects.filter(user=alice).update(read_at=entry.created_at)
    Notice.objects.create(user=alice, **fields)


@pytest.mark.parametrize("is_for_all", [True, False])
def test_one_wish_for_each_person_and_process(world: World, alice: User, is_for_all: bool) -> None:
    twice(Subscription, user=alice, process=None if is_for_all else world.process)
