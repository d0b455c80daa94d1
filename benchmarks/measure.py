"""The order of a run: data, pages and writes; ten times the data, once more; then the letters."""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from benchmarks import ballots, budgets, client, data, letters, people, report, synthetic, weight
from benchmarks.accounting import Watched, median
from benchmarks.client import Job, Seen
from benchmarks.scenarios import Scenario, scenarios
from config.embedded import Servers
from config.site import Site, live
from deliberation import recount
from processes.models import Process, Subject

SLUG = "republique-numerique"
CONNECTIONS = (1, 16)
BARE = "bare view"
LEAST = 100  # answers for a figure


@dataclass(slots=True)
class Figures:
    """One scenario at one number of connections: medians over the rounds."""

    scenario: Scenario
    connections: int
    seen: list[Seen] = field(default_factory=list)
    web: list[float] = field(default_factory=list)  # milliseconds of processor time per request
    all: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)  # to the bare view taken just before
    queries: int = -1

    @property
    def cpu(self) -> float:
        return median(self.all)

    @property
    def ratio(self) -> float:
        return median(self.ratios)


@dataclass(frozen=True, slots=True)
class Server:
    """A web server that is measured."""

    site: Site
    watched: Watched

    @property
    def port(self) -> int:
        return int(urlsplit(self.site.url).port or 0)


def measure_all(servers: Servers, state: Path, options: argparse.Namespace) -> None:
    """Everything, printed as it becomes known."""
    call_command("migrate", interactive=False, verbosity=0)
    if options.only == "ballots":
        ballots.measure(servers, state, options.ballots)
        return
    if options.only == "budgets":
        budgets.measure(servers, state)
        return
    folder = options.data or synthetic.write(state / "synthetic")
    report.head(folder, is_real=options.data is not None)
    call_command("import_consultation", str(folder), open=True, stdout=report.quiet())
    readers = people.sign_in(max(CONNECTIONS))
    process = Process.objects.get(slug=SLUG)
    runs = []
    for times in dict.fromkeys((1, options.times)):
        if times > 1:
            report.say(f"Making {times} times as much ...")
            data.multiply(process, times)
            _settle()
        wanted = [s for s in scenarios(people.places(process), readers) if options.only in s.name]
        with _both(servers, state) as (bare, kenes, counting):
            figures = _measure(wanted, bare, kenes, counting, options)
            runs.append(figures)
            report.table(figures, times, kenes.watched.memory_of_workers())
            _check_counts(process)
            if times == 1:
                weight.report(kenes.site.url, f"/fr/consultations/{SLUG}/")
    if len(runs) == 2:
        report.growth(*runs, options.times)
    if options.letters:
        letters.measure(servers, state, process, options.letters)
    if options.ballots and not options.only:
        ballots.measure(servers, state, options.ballots)
        budgets.measure(servers, state)


@contextmanager
def _both(servers: Servers, state: Path) -> Iterator[tuple[Server, Server, Server]]:
    """The bare view, Kenes, and a Kenes that counts queries, all on the same database."""
    thing = f"/things/{ContentType.objects.earliest('pk').pk}/"
    variables = {"KENES_SECRET_KEY": os.environ["KENES_SECRET_KEY"]}
    with ExitStack() as stack:

        def serve(name: str, **options: object) -> Server:
            site = stack.enter_context(
                live(servers.addresses, state / name, **variables, **options)  # type: ignore[arg-type]
            )
            pids = (site.children[0].pid, *map(servers.pid, ("postgresql", "valkey")))
            return Server(site, Watched(*pids))

        yield (
            serve("bare", application="benchmarks.bare.wsgi", ready=thing),
            serve("kenes"),
            serve("counting", application="benchmarks.counting", workers=1, threads=1),
        )


def _measure(
    wanted: Sequence[Scenario],
    bare: Server,
    kenes: Server,
    counting: Server,
    options: argparse.Namespace,
) -> list[Figures]:
    """Each figure beside a bare view of the same moment, in rounds, so that it matters little what
    else the machine does meanwhile."""
    thing = f"/things/{ContentType.objects.earliest('pk').pk}/"
    least = Scenario(BARE, [[client.request("GET", thing)]], queries=1)
    for server, scenario in [(bare, least), *((kenes, s) for s in wanted)]:
        _run(server, scenario, max(CONNECTIONS), 1.0)  # every worker has seen every page
    found = []
    for connections in CONNECTIONS:
        measure = Figures(least, connections, queries=1)
        rows = [Figures(scenario, connections) for scenario in wanted]
        for number in range(options.rounds):
            report.say(f"{connections} connections, round {number + 1} of {options.rounds} ...")
            for figures in rows:
                _take(measure, bare, options.seconds / 2)
                _take(figures, kenes, options.seconds)
                figures.ratios.append(figures.all[-1] / measure.all[-1])
        found += [measure, *rows]
    for figures in found:
        if figures.scenario is not least:
            figures.queries = _queries(counting, figures.scenario)
    return found


def _take(figures: Figures, server: Server, seconds: float) -> None:
    before = server.watched.spent()
    seen = _run(server, figures.scenario, figures.connections, seconds)
    spent = server.watched.spent() - before
    if not seen.requests:
        raise SystemExit(f"{figures.scenario.name}: no answer at all ({seen.wrong}).")
    figures.seen.append(seen)
    figures.web.append(1000 * spent.web / seen.requests)
    figures.all.append(1000 * spent.all / seen.requests)


def _run(server: Server, scenario: Scenario, connections: int, seconds: float) -> Seen:
    requests = scenario.connections(connections)
    return client.run(Job(server.port, seconds, requests, scenario.expected, least=LEAST))


def _queries(server: Server, scenario: Scenario) -> int:
    """How many statements the last of a few requests sent."""
    job = Job(server.port, 0.3, scenario.connections(1), scenario.expected)
    return client.run(job).queries


def _settle() -> None:
    """Let the database write down what was loaded, so that no page pays for it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    time.sleep(2)


def _check_counts(process: Process) -> None:
    """After all those positions and comments every counter is what the rows say."""
    wrong = len(recount.drift(process.pk))
    report.say(f"Counters that differ from a recount of the rows: {wrong}")
    if wrong or not Subject.objects.filter(process=process, agree_count__gt=0).exists():
        raise SystemExit("The counts are wrong.")
