"""A budget of a large city's size: opening the ballot, casting from sixteen connections, choosing, reading
the results. `python -m benchmarks --only budgets` runs this alone."""

import os
import random
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actions import grant_role
from accounts.kinds import Role
from accounts.models import Organisation, User
from benchmarks import ballots, client, people
from benchmarks.accounting import Watched, median
from benchmarks.report import rule, say
from budgets.actions.declaring import Declared, declare_ballot
from budgets.actions.envelopes import add_envelope
from budgets.actions.phases import set_dates, usual_phases
from budgets.actions.setup import create_budget, publish_budget
from budgets.kinds import BallotKind, Rule
from budgets.models import Budget, Project
from config.embedded import Servers
from config.site import Site, live
from processes.kinds import SubjectKind
from processes.models import Phase, Subject
from voting.actions.editing import Rules, declare_rules
from voting.actions.stages import close_poll_if_due, count, open_poll_if_due
from voting.kinds import Secrecy

PROJECTS = 134
ENVELOPE = 5_900_907
BALLOTS = 50_000
VOTERS = 3200


def measure(servers: Servers, state: Path) -> None:
    """Everything about budgets, printed as it becomes known."""
    budget = _make()
    voters = people.sign_in(VOTERS)
    key = os.environ["KENES_SECRET_KEY"]  # of the sessions
    say(f"\n## Budgets\n\n{PROJECTS} projects, a secret knapsack ballot.\n")
    with live(servers.addresses, state / "budgets", KENES_SECRET_KEY=key) as site:
        watched = Watched(site.children[0].pid, servers.pid("postgresql"), servers.pid("valkey"))
        slug = budget.process.slug
        read = {
            "the ballot": f"/fr/polls/{slug}/answer/",
            "the projects": f"/fr/budgets/{slug}/projects/",
        }
        rows = [_read(site, watched, name, path, voters[0]) for name, path in read.items()]
        ballots.cast(site, watched, budget.poll, voters[1:], lambda chance: _choice(budget, chance))
        _count(budget)
        path = f"/fr/budgets/{slug}/results/"
        rows.append(_read(site, watched, "the results", path, voters[0]))
    rule(rows, ("opening", "p50 ms", "CPU ms"))


def _make() -> Budget:
    body, _ = Organisation.objects.get_or_create(
        slug="bench-council", defaults={"name": {"fr": "Conseil", "en": "Council"}}
    )
    owner, _ = User.objects.get_or_create(email="owner@kenes.invalid", defaults={"name": "Owner"})
    grant_role(None, person=owner, organisation=body, role=Role.OWNER)
    budget = create_budget(
        owner,
        organisation=body,
        title={"fr": "Budget", "en": "Budget"},
        summary={},
        languages=["fr", "en"],
        slug="bench-budget",
    )
    add_envelope(owner, budget=budget, title={"fr": "La ville"}, amount=Decimal(ENVELOPE))
    declared = Declared(ballot=BallotKind.KNAPSACK, rule=Rule.MES_COST_ADD1)
    declare_ballot(owner, budget=budget, declared=declared)
    declare_rules(owner, poll=budget.poll, rules=Rules(secrecy=Secrecy.SECRET))
    now = timezone.now()
    set_dates(owner, budget=budget, plan=usual_phases(now - timedelta(days=100), ["fr", "en"]))
    publish_budget(owner, budget=budget)
    _add_projects(budget, owner)
    Phase.objects.filter(process=budget.process_id, activities__contains=["vote"]).update(
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1)
    )
    open_poll_if_due(_fresh(budget).poll)
    return _fresh(budget)


def _add_projects(budget: Budget, owner: User) -> None:
    chance = random.Random(3)
    (envelope,) = budget.envelopes.all()
    for number in range(1, PROJECTS + 1):
        subject = Subject.objects.create(
            process=budget.process,
            kind=SubjectKind.PROJECT,
            author=owner,
            title=f"Projet {number}",
            text="Des arbres et des bancs.",
            language="fr",
        )
        Project.objects.create(
            budget=budget,
            subject=subject,
            number=number,
            envelope=envelope,
            body="Des arbres et des bancs.",
            body_html="<p>Des arbres et des bancs.</p>",
            is_feasible=True,
            cost=chance.randint(20, 9000) * 100,
            decided_at=timezone.now(),
        )


def _fresh(budget: Budget) -> Budget:
    found = Budget.objects.with_timetable().get(pk=budget.pk)
    found.take_frame()
    return found


def _choice(budget: Budget, chance: random.Random) -> dict[str, Any]:
    """Projects in random order as long as they fit, fifteen at most."""
    (question,) = budget.poll.questionnaire.questions()
    left, chosen = Decimal(question.budget), []
    for option in chance.sample(question.options, 15):
        if Decimal(option.cost) <= left:
            left -= Decimal(option.cost)
            chosen.append(option.key)
    return {question.key: {"options": chosen}}


def _read(site: Site, watched: Watched, name: str, path: str, person: people.Person) -> list[str]:
    """One page for somebody signed in, three rounds: [name, p50 ms, CPU ms]."""
    request = client.request("GET", path, cookie=person.cookie)
    port = int(site.url.rsplit(":", 1)[1])
    seen, spent = [], []
    for _round in range(3):
        before = watched.spent()
        one = client.run(client.Job(port, 1.5, [[request]], 200, least=50))
        seen.append(one)
        spent.append(1000 * (watched.spent() - before).all / max(1, one.requests))
    return [name, f"{median(one.p50 for one in seen):.1f}", f"{median(spent):.2f}"]


def _count(budget: Budget) -> None:
    """So many more ballots, then the end: count, choose by every rule, store."""
    (question,) = budget.poll.questionnaire.questions()
    keys = list(question.option_keys())
    with connection.cursor() as cursor:
        cursor.execute(
            _FILL,
            {"poll": budget.poll_id, "key": question.key, "number": BALLOTS, "keys": keys},
        )
    Phase.objects.filter(process=budget.process_id, activities__contains=["vote"]).update(
        closes_at=timezone.now()
    )
    started = time.perf_counter()
    if not close_poll_if_due(_fresh(budget).poll) or not count(budget.poll_id):
        raise SystemExit("The budget was not counted.")
    seconds = time.perf_counter() - started
    done = _fresh(budget)
    chosen = done.projects.filter(chosen_at__isnull=False)
    cost = sum((project.cost or Decimal(0) for project in chosen), Decimal(0))
    if cost > ENVELOPE:
        raise SystemExit("More was chosen than there is money for.")
    say(
        f"Counting {done.poll.turnout_count:,} ballots and choosing by {done.allocations.count()} rules took "
        f"{seconds:.1f} s and {ballots.peak()} MiB at most; {len(chosen)} projects for {cost:,}.\n"
    )


_FILL = """
WITH t AS (
    INSERT INTO voting_turnout (id, poll_id, voter, channel, voted_on)
    SELECT gen_random_uuid(), %(poll)s, 'pass:made-up-' || i, 'web', current_date
    FROM generate_series(1, %(number)s) i RETURNING id
), b AS (
    INSERT INTO voting_ballot (id, poll_id, secrecy, mark, answers, channel)
    SELECT gen_random_uuid(), %(poll)s, 'secret', encode(sha256(t.id::text::bytea), 'hex'),
        jsonb_build_object(%(key)s::text, jsonb_build_object('options', (
            SELECT coalesce(jsonb_agg(k.key ORDER BY k.place), '["p1"]'::jsonb)
            FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS k (key, place)
            WHERE (('x' || substr(md5(t.id::text || k.key), 1, 4))::bit(16)::int %% 134) < 8
        ))), 'web'
    FROM t RETURNING answers
)
UPDATE voting_poll SET turnout_count = turnout_count + (SELECT count(*) FROM b) WHERE id = %(poll)s
"""
