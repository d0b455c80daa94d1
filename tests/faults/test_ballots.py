"""The ballot box under pressure, on a real web server: double votes, a closing, kill -9."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from accounts.models import Organisation, User
from config.embedded import ROOT
from config.site import Site
from processes.models import Phase
from tests import factories
from tests.faults.driver import Browser, Reply, at_once
from tests.faults.people import session_of
from tests.voting.polls import fresh, open_poll
from voting.actions.box import new_code
from voting.box import published
from voting.models import Ballot, Poll, Turnout
from voting.secrecy.receipts import mark_of, normalise
from voting.tasks import run_clock

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

OPTIONS = ("red", "green", "blue")
SPAN = 6.0  # seconds of voting while workers die
JSON = {"Content-Type": "application/json"}


def vote(browser: Browser, poll: Poll, option: str, code: str = "") -> Reply:
    body: dict[str, object] = {"answers": {"colour": {"option": option}}}
    if code:
        body["receipt"] = code
    path = f"/api/v1/polls/{poll.pk}/ballots/"
    return browser.send("POST", path, json.dumps(body).encode(), JSON)


def mark_in(poll: Poll, reply: Reply) -> str:
    receipt = json.loads(reply.body)["receipt"]
    return mark_of(poll.pk, normalise(receipt))


def count_and_compare(poll: Poll, turnout: int) -> list[str]:
    """Close, count, and hold every figure against every other; the marks that were published."""
    Phase.objects.filter(process=poll.process_id).update(closes_at=Now())
    run_clock()
    done = fresh(poll)
    assert done.counted_at is not None
    rows = Turnout.objects.filter(poll=poll, withdrawn_at__isnull=True).count()
    counted = list(Ballot.objects.counted(poll).values_list("answers__colour__option", flat=True))
    assert done.turnout_count == rows == len(counted) == turnout
    told = done.outcomes.get(question="colour", method="frequencies").result
    assert {row["key"]: row["count"] for row in told["rows"]} == {
        option: Counter(counted)[option] for option in OPTIONS
    }
    assert done.outcomes.get(question="", method="turnout").result["voters"] == turnout
    return [data["mark"] for data, _leaf in published(done)]


def test_five_hundred_votes_of_one_person_at_once_are_one(
    bob: User, alice: User, organisation: Organisation, live_web: Callable[..., Site]
) -> None:
    poll = open_poll(bob, organisation, secrecy="secret")
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    session = session_of(alice)

    def press(number: int) -> Reply:
        return vote(Browser(site.url, session), poll, OPTIONS[number % 3])

    replies = at_once(press, range(500), connections=32)
    assert Counter(reply.status for reply in replies) == {201: 1, 409: 499}
    first = next(reply for reply in replies if reply.status == 201)
    assert count_and_compare(poll, 1) == [mark_in(poll, first)]


def test_as_it_closes_a_ballot_is_counted_or_refused(
    bob: User, organisation: Organisation, live_web: Callable[..., Site]
) -> None:
    """People vote one after the other while the moment of closing, by the database, goes by, and
    the poll is closed and counted by the clock's task in between."""
    poll = open_poll(bob, organisation, secrecy="secret")
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    sessions = [session_of(factories.person(f"Person {n}")) for n in range(800)]
    Phase.objects.update(closes_at=Now() + timedelta(seconds=2))

    def press(number: int) -> list[Reply]:
        if number == 16:
            end = time.monotonic() + 6
            while time.monotonic() < end:
                run_clock()
                time.sleep(0.05)
            connection.close()
            return []
        replies = []
        for session in sessions[number::16]:
            replies.append(vote(Browser(site.url, session), poll, OPTIONS[number % 3]))
            if replies[-1].status == 409:
                break
            time.sleep(0.02)
        return replies

    pressed = at_once(press, range(17), connections=17)
    replies = [reply for one in pressed for reply in one]
    assert {reply.status for reply in replies} == {201, 409}
    taken = [mark_in(poll, reply) for reply in replies if reply.status == 201]
    assert sorted(taken) == count_and_compare(poll, len(taken))


def test_killed_workers_leave_a_receipt_with_its_ballot_or_no_turnout(
    bob: User, organisation: Organisation, live_web: Callable[..., Site]
) -> None:
    """kill -9 of a web worker, again and again. Whoever got no answer sends the same ballot again."""
    poll = open_poll(bob, organisation, secrecy="secret")
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    sessions = [session_of(factories.person(f"Person {n}")) for n in range(600)]
    codes = [new_code() for _ in sessions]
    began = time.monotonic()

    def kill() -> None:
        web = psutil.Process(site.children[0].pid)
        while time.monotonic() - began < SPAN:
            time.sleep(0.7)
            workers = web.children()
            if workers:
                os.kill(workers[0].pid, signal.SIGKILL)

    def press(number: int) -> list[tuple[int, int]]:
        if number == 16:
            kill()
            return []
        done = []
        for person in range(number, len(sessions), 16):
            if time.monotonic() - began > SPAN:
                break
            browser = Browser(site.url, sessions[person])
            done.append((person, vote(browser, poll, OPTIONS[person % 3], codes[person]).status))
        return done

    first = dict(pair for one in at_once(press, range(17), connections=17) for pair in one)
    assert 201 in first.values() and 0 in first.values(), "some were cut off"
    assert set(first.values()) <= {0, 201, 502, 503}
    # Before anybody tries again: as many ballots as people on the roll, and all that were told so.
    rows = set(Ballot.objects.values_list("mark", flat=True))
    assert len(rows) == Turnout.objects.count() == fresh(poll).turnout_count
    marks = {person: mark_of(poll.pk, codes[person]) for person in first}
    assert {marks[person] for person, status in first.items() if status == 201} <= rows
    assert rows <= set(marks.values())
    for person, status in first.items():
        if status != 201:
            reply = vote(Browser(site.url, sessions[person]), poll, "red", codes[person])
            assert reply.status == (200 if marks[person] in rows else 201)
            assert mark_in(poll, reply) == marks[person]
    assert count_and_compare(poll, len(first)) == sorted(marks.values())


def test_a_count_that_is_killed_leaves_nothing_and_is_done_whole_by_the_next(
    bob: User, organisation: Organisation, live_web: Callable[..., Site]
) -> None:
    """kill -9 in the middle of counting thirty thousand ballots."""
    poll = open_poll(bob, organisation, secrecy="secret")
    number = 30_000
    with connection.cursor() as cursor:
        cursor.execute(_MANY, {"poll": poll.pk, "number": number})
    Phase.objects.filter(process=poll.process_id).update(closes_at=Now())
    site = live_web(workers=1, threads=1, KENES_SECRET_KEY=settings.SECRET_KEY)
    command = [sys.executable, "manage.py", "shell", "-c"]
    command.append("from voting.tasks import run_clock; run_clock()")
    counting = subprocess.Popen(command, cwd=ROOT, env=dict(site.variables))
    deadline = time.monotonic() + 60
    while not _is_counting() and time.monotonic() < deadline:
        assert counting.poll() is None, "it was counted before it could be killed"
        time.sleep(0.005)
    counting.kill()
    counting.wait()
    killed = fresh(poll)
    assert killed.closed_at is not None and killed.counted_at is None
    assert not killed.outcomes.exists() and killed.root == ""
    deadline = time.monotonic() + 30
    while _is_counting() and time.monotonic() < deadline:
        time.sleep(0.05)  # until the server has noticed
    assert len(count_and_compare(poll, number)) == number


def _is_counting() -> bool:
    """Whether another connection reads or stirs the ballots now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%%voting_ballot%%'"
        )
        return bool(cursor.fetchone()[0])


_MANY = """
WITH t AS (
    INSERT INTO voting_turnout (id, poll_id, voter, channel, voted_on)
    SELECT gen_random_uuid(), %(poll)s, 'pass:' || i, 'web', current_date
    FROM generate_series(1, %(number)s) i RETURNING id
), b AS (
    INSERT INTO voting_ballot (id, poll_id, secrecy, mark, answers, channel)
    SELECT gen_random_uuid(), %(poll)s, 'secret', encode(sha256(id::text::bytea), 'hex'),
        jsonb_build_object('colour', jsonb_build_object('option', 'red')), 'web'
    FROM t RETURNING 1
)
UPDATE voting_poll SET turnout_count = (SELECT count(*) FROM b) WHERE id = %(poll)s
"""
