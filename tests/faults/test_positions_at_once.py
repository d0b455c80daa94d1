"""One person's five hundred clicks, and clicks as a phase closes, on a real web server."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from accounts.models import User
from config.site import Site
from deliberation.models import Comment, Position
from processes.models import Phase, Subject
from tests import factories
from tests.counts import assert_counts_hold
from tests.faults.driver import Browser, Reply, at_once
from tests.faults.people import session_of
from tests.scenario import World

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_five_hundred_clicks_of_one_person_are_one_position(
    world: World, alice: User, live_web: Callable[..., Site]
) -> None:
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    session, path = session_of(alice), f"/en/subjects/{world.article.pk}/position/"

    def click(_number: int) -> int:
        return Browser(site.url, session).post(path, {"value": "agree"}).status

    statuses = at_once(click, range(500), connections=32)
    assert set(statuses) == {200}
    row = Position.objects.get()
    assert (row.user, row.value) == (alice, "agree")
    article = Subject.objects.get(pk=world.article.pk)
    assert (article.agree_count, article.mixed_count, article.disagree_count) == (1, 0, 0)
    assert_counts_hold(world.process)


def test_clicks_on_different_buttons_leave_one_of_them_and_right_counts(
    world: World, alice: User, live_web: Callable[..., Site]
) -> None:
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    session, path = session_of(alice), f"/en/subjects/{world.article.pk}/position/"
    buttons = ["agree", "mixed", "disagree", "withdraw"]

    def click(number: int) -> int:
        return Browser(site.url, session).post(path, {"value": buttons[number % 4]}).status

    assert set(at_once(click, range(400), connections=32)) == {200}
    assert Position.objects.count() == 1
    assert_counts_hold(world.process)


def test_as_the_phase_closes_a_position_is_counted_or_refused_never_half(
    world: World, live_web: Callable[..., Site]
) -> None:
    """Sixteen people click and argue while the moment of closing, by the database, goes by."""
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    sessions = [session_of(factories.person(f"Person {n}")) for n in range(16)]
    Phase.objects.update(closes_at=Now() + timedelta(seconds=3))
    closes_at = Phase.objects.get().closes_at

    def press(number: int) -> list[tuple[int, str, Reply]]:
        browser = Browser(site.url, sessions[number])
        replies = []
        end = time.monotonic() + 5
        turn = 0
        while time.monotonic() < end:
            article = world.articles[turn % 4].pk
            value = ("agree", "disagree")[(turn // 4) % 2]
            path = f"/en/subjects/{article}/position/"
            replies.append((article, value, browser.post(path, {"value": value})))
            turn += 1
        return replies

    pressed = at_once(press, range(16), connections=16)
    statuses = {reply.status for replies in pressed for _a, _v, reply in replies}
    assert statuses == {200, 422}, "some were counted, some came too late, nothing else"
    for replies in pressed:
        kinds = [reply.status for _a, _v, reply in replies]
        assert 200 not in kinds[kinds.index(422) :], "nobody gets in after being refused"
    expected = {}
    for number, replies in enumerate(pressed):
        for article, value, reply in replies:
            if reply.status == 200:
                expected[number, article] = value
    assert Position.objects.count() == len(expected)
    stored = sorted(Position.objects.values_list("subject_id", "value"))
    assert stored == sorted((article, value) for (_n, article), value in expected.items())
    assert not Position.objects.filter(changed_at__gte=closes_at).exists()
    assert Comment.objects.count() == 0
    assert_counts_hold(world.process)
    connection.close()
