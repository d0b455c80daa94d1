"""Ballots: casting from sixteen connections, opening a questionnaire whatever was answered, counting
and exporting many. `python -m benchmarks --only ballots` runs this alone."""

import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actions import grant_role
from accounts.kinds import Role
from accounts.models import Organisation, User
from benchmarks import client, people
from benchmarks.accounting import Watched, median
from benchmarks.report import rule, say
from config.embedded import ROOT, Servers
from config.site import Site, live
from processes.actions import PhasePlan, create_process, publish, set_phases
from processes.kinds import Activity, ProcessKind
from voting.actions.questions import write_rows
from voting.actions.stages import open_poll_if_due
from voting.models import Ballot, Poll, QuestionPage, Turnout
from voting.questionnaire.definition import Option, Question, QuestionKind

CONNECTIONS = 16
LEAST_A_SECOND = 150  # ballots
CAST_SECONDS = 6.0
VOTERS = 4800  # with a session each; as many ballots at most
_ANSWERS = """
WITH t AS (
    INSERT INTO voting_turnout (id, poll_id, voter, channel, voted_on)
    SELECT gen_random_uuid(), %(poll)s, 'pass:made-up-' || i, 'web', current_date
    FROM generate_series(%(from)s, %(to)s) i RETURNING id
), b AS (
    INSERT INTO voting_ballot (id, poll_id, secrecy, turnout_id, mark, answers, channel)
    SELECT gen_random_uuid(), %(poll)s, %(secrecy)s, t.id,
        encode(sha256(t.id::text::bytea), 'hex'),
        jsonb_build_object(
            'trust', jsonb_build_object(
                'option', (ARRAY['yes', 'rather', 'no'])[1 + floor(random() * 3)::int]
            ),
            'ways', jsonb_build_object('options', jsonb_build_array('a', 'c')),
            'staff', jsonb_build_object('point', 1 + floor(random() * 5)::int),
            'sex', jsonb_build_object('option', (ARRAY['f', 'm'])[1 + floor(random() * 2)::int])
        ), 'web'
    FROM t RETURNING 1
)
UPDATE voting_poll SET turnout_count = turnout_count + (SELECT count(*) FROM b) WHERE id = %(poll)s
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Opening a questionnaire: what it costs with so many answers given."""

    answers: int
    queries: int
    p50: float
    cpu: float


def measure(servers: Servers, state: Path, number: int) -> None:
    """Everything about ballots, printed as it becomes known."""
    poll = _make_poll()
    voters = people.sign_in(VOTERS)
    key = os.environ["KENES_SECRET_KEY"]  # of the sessions
    with live(servers.addresses, state / "ballots", KENES_SECRET_KEY=key) as site:
        watched = Watched(site.children[0].pid, servers.pid("postgresql"), servers.pid("valkey"))
        say("\n## Ballots\n")
        path = f"/fr/polls/{poll.process.slug}/answer/"
        _fill(poll, 10)
        rows = [_open(site, watched, path, voters[0], 10)]
        cast(site, watched, poll, voters[1:], _answers)
        _fill(poll, number)
        rows.append(_open(site, watched, path, voters[0], number))
    rule(
        [[f"{r.answers:,} answers", f"{r.p50:.1f}", f"{r.cpu:.2f}"] for r in rows],
        ("opening a questionnaire with", "p50 ms", "CPU ms"),
    )
    _count(poll, number)


def _make_poll() -> Poll:
    organisation, _ = Organisation.objects.get_or_create(
        slug="bench-council", defaults={"name": {"fr": "Conseil", "en": "Council"}}
    )
    owner, _ = User.objects.get_or_create(email="owner@kenes.invalid", defaults={"name": "Owner"})
    grant_role(None, person=owner, organisation=organisation, role=Role.OWNER)
    process = create_process(
        owner,
        kind=ProcessKind.POLL,
        organisation=organisation,
        title={"fr": "La confiance", "en": "Trust"},
        summary={},
        languages=["fr", "en"],
        slug="bench-poll",
    )
    now = timezone.now()
    plan = PhasePlan({"fr": "Vote", "en": "Voting"}, now, now + timedelta(days=1), [Activity.VOTE])
    set_phases(owner, process=process, plan=[plan])
    poll = Poll.objects.create(process=process, secrecy="named")
    page = QuestionPage.objects.create(poll=poll, key="p1", order=0, title={"fr": "Questions"})
    write_rows(page, _questions())
    publish(owner, process=process)
    return open_poll_if_due(Poll.objects.with_timetable().get(pk=poll.pk))


def _questions() -> tuple[Question, ...]:
    def options(*keys: str) -> tuple[Option, ...]:
        return tuple(Option(key, {"fr": f"Choix {key}"}) for key in keys)

    kind = QuestionKind
    return (
        Question(
            "trust", kind.SINGLE, {"fr": "Confiance ?"}, options=options("yes", "rather", "no")
        ),
        Question(
            "ways", kind.MULTIPLE, {"fr": "Comment ?"}, options=options(*"abcdefghij"), most=3
        ),
        Question("staff", kind.SCALE, {"fr": "L’accueil ?"}, least=1, most=5, satisfied_from=4),
        Question("sex", kind.SINGLE, {"fr": "Sexe"}, options=options("f", "m"), demographic="sex"),
    )


def _fill(poll: Poll, number: int) -> None:
    """Answers of so many people who only stand for a number."""
    begin = Turnout.objects.filter(poll=poll, voter__startswith="pass:made-up").count()
    values = {"poll": poll.pk, "secrecy": poll.secrecy, "from": begin + 1, "to": number}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, values)
        cursor.execute("VACUUM ANALYZE")  # so that no page pays for what was loaded


def _open(site: Site, watched: Watched, path: str, person: people.Person, answers: int) -> Opened:
    """One page of questions for somebody who has not answered, several rounds."""
    request = client.request("GET", path, cookie=person.cookie)
    port = int(site.url.rsplit(":", 1)[1])
    seen, spent = [], []
    for _round in range(3):
        before = watched.spent()
        one = client.run(client.Job(port, 1.5, [[request]], 200, least=50))
        seen.append(one)
        spent.append(1000 * (watched.spent() - before).all / max(1, one.requests))
    return Opened(answers, -1, median(one.p50 for one in seen), median(spent))


def _answers(chance: random.Random) -> dict[str, Any]:
    return {
        "trust": {"option": chance.choice(["yes", "rather", "no"])},
        "ways": {"options": ["a", "b"]},
        "staff": {"point": chance.randint(1, 5)},
    }


def cast(
    site: Site,
    watched: Watched,
    poll: Poll,
    voters: list[people.Person],
    answer: Callable[[random.Random], dict[str, Any]],
) -> None:
    """Everybody votes once, from sixteen connections; afterwards every count is exact."""
    port = int(site.url.rsplit(":", 1)[1])
    chance = random.Random(7)
    lines: list[list[str]] = [[] for _ in range(CONNECTIONS)]
    for index, person in enumerate(voters):
        body = json.dumps({"answers": answer(chance)})
        lines[index % CONNECTIONS].append(_post(f"/api/v1/polls/{poll.pk}/ballots/", person, body))
    before = watched.spent()
    seen = client.run(client.Job(port, CAST_SECONDS, lines, 201))
    spent = 1000 * (watched.spent() - before).all / max(1, seen.requests)
    say(
        f"{CONNECTIONS} connections cast {seen.per_second:.0f} ballots a second (≥ {LEAST_A_SECOND}), "
        f"p50 {seen.p50:.0f} ms, p99 {seen.p99:.0f} ms, {spent:.1f} ms of processor time each, "
        f"{seen.errors} errors."
    )
    poll.refresh_from_db()
    roll = Turnout.objects.filter(poll=poll).count()
    box = Ballot.objects.counted(poll).count()
    say(f"Turnout {poll.turnout_count}, on the roll {roll}, in the box {box}.\n")
    if not poll.turnout_count == roll == box or seen.errors:
        raise SystemExit("The ballots are not exact.")


def _post(path: str, person: people.Person, body: str) -> str:
    headers = f"Content-Type: application/json\r\nX-CSRFToken: {people.FORM_TOKEN}"
    return client.request("POST", path, cookie=person.cookie, body=body, headers=headers)


def _count(poll: Poll, number: int) -> None:
    """Closing, counting and a file in a process of its own, as the worker does them."""
    poll.process.phases.update(closes_at=timezone.now())
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.counted", str(poll.pk)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    say(f"\n{number:,} answers. {done.stdout.strip()}")


def peak() -> int:
    """The most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
