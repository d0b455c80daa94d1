"""A budget under pressure, on a real web server: many ballots at once, kill -9 while projects are chosen."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from accounts.models import Organisation, User
from budgets.counting import differences
from budgets.models import Allocation, Budget, Project
from config.embedded import ROOT
from config.site import Site
from processes.kinds import EntryKind
from processes.models import Entry, Phase
from tests import factories
from tests.budgets import scenario
from tests.faults.driver import Browser, Reply, at_once
from tests.faults.people import session_of
from voting.models import Ballot, Turnout
from voting.tasks import run_clock

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

JSON = {"Content-Type": "application/json"}
COSTS = (30_000, 80_000, 50_000, 20_000, 10_000, 45_000)


def open_budget(bob: User, organisation: Organisation) -> Budget:
    """Six projects, 100,000 euros, a secret knapsack ballot that is open."""
    ballot = {"ballot": "knapsack", "rule": "mes_cost_add1_until_overspend"}
    budget = scenario.budget_in("costing", bob, organisation, ballot=ballot)
    for number, cost in enumerate(COSTS, 1):
        scenario.feasible(scenario.project(budget, bob, f"Project {number}"), cost=cost)
    return scenario.move_to(budget, "voting")


def some_choice(chance: random.Random) -> list[str]:
    """Projects that may or may not fit into the envelope."""
    return [f"p{n}" for n in range(1, len(COSTS) + 1) if chance.random() < 0.5]


def cost_of(keys: list[str]) -> int:
    return sum(COSTS[int(key[1:]) - 1] for key in keys)


def vote(browser: Browser, budget: Budget, keys: list[str]) -> Reply:
    key = scenario.envelope_of(budget).key
    body = json.dumps({"answers": {key: {"options": keys}}}).encode()
    return browser.send("POST", f"/api/v1/polls/{budget.poll_id}/ballots/", body, JSON)


def close_and_count(budget: Budget) -> Budget:
    """Voting ends now, and the clock counts it; every stored choice is held against a recount."""
    phase = Phase.objects.get(process=budget.process_id, activities__contains=["vote"])
    Phase.objects.filter(pk=phase.pk).update(closes_at=Now())
    run_clock()
    done = scenario.fresh(budget)
    assert done.poll.counted_at is not None
    assert differences(done) == []
    chosen = Project.objects.filter(budget=budget, chosen_at__isnull=False)
    assert sum((project.cost or Decimal(0) for project in chosen), Decimal(0)) <= budget.amount
    assert (
        Entry.objects.filter(kind=EntryKind.PROJECTS_CHOSEN, process=budget.process_id).count() == 1
    )
    return done


def test_ballots_from_sixteen_connections_stay_within_the_envelope_and_are_counted(
    bob: User, organisation: Organisation, live_web: Callable[..., Site]
) -> None:
    budget = open_budget(bob, organisation)
    site = live_web(workers=2, threads=8, KENES_SECRET_KEY=settings.SECRET_KEY)
    sessions = [session_of(factories.person(f"Person {n}")) for n in range(240)]
    chance = random.Random(4)
    wishes = [some_choice(chance) for _ in sessions]

    def press(number: int) -> int:
        return vote(Browser(site.url, sessions[number]), budget, wishes[number]).status

    statuses = at_once(press, range(len(sessions)), connections=16)
    fits = [0 < cost_of(keys) <= 100_000 for keys in wishes]
    assert not all(fits) and any(fits)
    over = [cost_of(keys) > 100_000 for keys in wishes]
    assert all((status == 400) == is_over for status, is_over in zip(statuses, over, strict=True))
    taken = [keys for keys, status in zip(wishes, statuses, strict=True) if status == 201]
    done = close_and_count(budget)
    assert done.poll.turnout_count == len(taken) == Turnout.objects.count()
    assert Ballot.objects.counted(done.poll).count() == len(taken)
    told = done.poll.outcomes.get(
        question=scenario.envelope_of(budget).key, method="frequencies"
    ).result
    support = Counter(key for keys in taken for key in keys)
    assert {row["key"]: row["count"] for row in told["rows"]} == {
        f"p{n}": support[f"p{n}"] for n in range(1, len(COSTS) + 1)
    }


def test_a_choice_that_is_killed_leaves_nothing_and_is_made_whole_by_the_next(
    bob: User, organisation: Organisation, live_web: Callable[..., Site]
) -> None:
    """kill -9 of the worker again and again while it counts thirty thousand ballots and lets rules choose."""
    budget = open_budget(bob, organisation)
    key = scenario.envelope_of(budget).key
    number = 30_000
    with connection.cursor() as cursor:
        cursor.execute(_MANY, {"poll": budget.poll_id, "number": number, "key": key})
    phase = Phase.objects.get(process=budget.process_id, activities__contains=["vote"])
    Phase.objects.filter(pk=phase.pk).update(closes_at=Now())
    site = live_web(workers=1, threads=1, KENES_SECRET_KEY=settings.SECRET_KEY)
    command = [sys.executable, "manage.py", "shell", "-c"]
    command.append("from voting.tasks import run_clock; run_clock()")
    for wait in (0.0, 0.6, 1.2):
        counting = subprocess.Popen(command, cwd=ROOT, env=dict(site.variables))
        deadline = time.monotonic() + 60
        while not _is_counting() and time.monotonic() < deadline:
            assert counting.poll() is None, "it was counted before it could be killed"
            time.sleep(0.005)
        time.sleep(wait)
        counting.kill()
        counting.wait()
        killed = scenario.fresh(budget)
        if killed.poll.counted_at is not None:  # a fast machine was done before the last kill
            break
        assert killed.poll.closed_at is not None
        assert not Allocation.objects.exists() and not killed.poll.outcomes.exists()
        assert not Project.objects.filter(chosen_at__isnull=False).exists()
        deadline = time.monotonic() + 30
        while _is_counting() and time.monotonic() < deadline:
            time.sleep(0.05)  # until the server has noticed
    done = close_and_count(budget)
    assert done.poll.turnout_count == number
    assert Allocation.objects.filter(is_declared=True).count() == 1


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
        jsonb_build_object(%(key)s::text, jsonb_build_object('options', CASE ascii(id::text) %% 3
            WHEN 0 THEN '["p1", "p3", "p4"]'::jsonb
            WHEN 1 THEN '["p2", "p5"]'::jsonb
            ELSE '["p5", "p6"]'::jsonb
        END)), 'web'
    FROM t RETURNING 1
)
UPDATE voting_poll SET turnout_count = (SELECT count(*) FROM b) WHERE id = %(poll)s
"""
