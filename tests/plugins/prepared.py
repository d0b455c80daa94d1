"""What takes long to make, made once for a run: each worker and each site takes a copy of it."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from config import embedded, processes

TEMPLATE = "kenes_template"
UNFINISHED = "kenes_unfinished"


def folder() -> Path | None:
    """What all workers of this run share, deleted with it; None where the servers are not the run's."""
    named = os.environ.get("KENES_TEST_FOLDER", "")
    return Path(named) if named else None


@contextmanager
def alone(place: Path, what: str) -> Iterator[None]:
    """One worker at a time; the others wait."""
    with (place / f"{what}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _manage(variables: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments, "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=embedded.ROOT, env=variables, check=True)


def copy_database(name: str) -> bool:
    """Give this worker a migrated database of that name; False where each makes its own."""
    place = folder()
    if place is None or "PYTEST_XDIST_WORKER" not in os.environ:
        return False
    url = os.environ["DATABASE_URL"]
    with alone(place, "database"), psycopg.connect(url, autocommit=True) as database:
        found = database.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if not found.fetchone():
            database.execute(SQL("CREATE DATABASE {}").format(Identifier(UNFINISHED)))
            head, _, query = url.partition("?")
            there = f"{head.rsplit('/', 1)[0]}/{UNFINISHED}?{query}"
            _manage(os.environ | {"DATABASE_URL": there}, "migrate")
            rename = SQL("ALTER DATABASE {} RENAME TO {}")
            database.execute(rename.format(Identifier(UNFINISHED), Identifier(TEMPLATE)))
        copy = SQL("CREATE DATABASE {} TEMPLATE {}")
        database.execute(copy.format(Identifier(name), Identifier(TEMPLATE)))
    return True


def copy_servers(state: Path) -> None:
    """Put a state folder there with a migrated, crash-safe cluster that nobody has used."""
    place = folder()
    if place is None:
        return
    with alone(place, "servers"):
        done = place / "servers"
        if not done.exists():
            unfinished = place / "unfinished"
            with embedded.running(unfinished, durable=True) as servers:
                _manage(
                    processes.environment(servers.addresses, unfinished, KENES_TESTING="true"),
                    "migrate",
                )
            unfinished.rename(done)
    subprocess.run(["cp", "-a", str(done), str(state)], check=True)  # owners and links too


def collected() -> Path | None:
    """The built styles and scripts, compressed, as a web server has them."""
    place = folder()
    if place is None:
        return None
    done = place / "collected"
    with alone(place, "collected"):
        if not done.exists():
            collect(done)
    return done


def collect(target: Path) -> None:
    _manage(
        os.environ | {"KENES_STATIC_ROOT": str(target), "KENES_TESTING": "true"}, "collectstatic"
    )
