"""PostgreSQL is killed while people press the site: errors only while it is away, nothing is lost."""

import os
import signal
import time
from collections.abc import Callable

import psycopg
import pytest

from tests.faults.conftest import Doomed
from tests.faults.driver import Browser, Reply, at_once

pytestmark = pytest.mark.faults

PEOPLE = 8
SPAN = 9.0  # seconds of pressing
KILL_AFTER = 2.5
DONE = (200, 302)  # a position is swapped in, a comment leads back to the page
GRACE = 0.25  # seconds in which a request that began while it was away may still come back


def test_what_was_acknowledged_is_there_and_errors_end_with_the_outage(
    doomed: Callable[..., Doomed],
) -> None:
    world = doomed(people=PEOPLE)
    article = world.articles[0]
    began = time.monotonic()
    outage: dict[str, float] = {}

    def press(number: int) -> list[tuple[float, str, Reply]]:
        browser = Browser(world.site.url, world.sessions[number])
        done = []
        turn = 0
        while time.monotonic() - began < SPAN:
            body = f"Person {number} says {turn}."
            at = time.monotonic()
            if turn % 3:
                path = f"/en/subjects/{article}/comments/"
                reply = browser.post(path, {"body": body, "stance": "for"})
            else:
                path = f"/en/subjects/{article}/position/"
                body = ("agree", "disagree")[turn % 2]
                reply = browser.post(path, {"value": body})
            done.append((at, body, reply))
            turn += 1
        return done

    def kill(_number: int) -> list[tuple[float, str, Reply]]:
        time.sleep(max(0.0, began + KILL_AFTER - time.monotonic()))
        outage["from"] = time.monotonic()
        os.kill(world.servers.pid("postgresql"), signal.SIGKILL)
        while time.monotonic() - began < SPAN:
            try:
                psycopg.connect(world.servers.addresses.database_url, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                outage["to"] = time.monotonic()
                break
        return []

    pressed = at_once(lambda n: kill(n) if n == PEOPLE else press(n), range(PEOPLE + 1))
    replies = [entry for one in pressed for entry in one]
    assert "to" in outage, "PostgreSQL came back while people pressed"
    errors = [(at, reply.status) for at, _body, reply in replies if reply.status not in DONE]
    assert {status for _at, status in errors} <= {503}
    early = [at for at, _s in errors if at < outage["from"] - GRACE]
    late = [at for at, _s in errors if at > outage["to"] + GRACE]
    assert (early, late) == ([], [])
    assert [at for at, _b, reply in replies if reply.status in DONE and at > outage["to"]]
    counted = world.count()
    said = {body for _at, body, reply in replies if reply.status in DONE and body.endswith(".")}
    assert said <= set(counted["bodies"])
    assert len(counted["bodies"]) == len(set(counted["bodies"])), "nothing was posted twice"
    assert sum(counted["counters"]) == counted["rows"] <= PEOPLE
