"""Fixtures for tests that stop, freeze and kill real servers and real processes of Kenes."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from config import embedded, processes
from config.embedded import Addresses, Servers
from config.site import Site, live
from tests.plugins import prepared


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A temporary folder whose path is short enough for sockets, as pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="kenes-live-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def durable_servers(short_path: Path) -> Iterator[Callable[[], Servers]]:
    """A factory of crash-safe pairs of PostgreSQL and Valkey, apart from the run's own.

    Each call gives servers that a test may stop, start and kill: .stop("valkey"),
    .start("valkey"), .pid("postgresql"), .addresses, .layout.
    """
    with ExitStack() as stack:
        count = 0

        def make() -> Servers:
            nonlocal count
            count += 1
            state = short_path / f"servers-{count}"
            prepared.copy_servers(state)
            return stack.enter_context(embedded.running(state, durable=True))

        yield make


@pytest.fixture
def live_web(short_path: Path) -> Iterator[Callable[..., Site]]:
    """A factory of real gunicorns: live_web(servers.addresses, workers=2, threads=4, NAME="...").

    The database is migrated first. Without addresses the site uses the run's servers and the
    database of the current test, which must then be a transactional one.
    """
    with ExitStack() as stack:
        count = 0

        def make(addresses: Addresses | None = None, **options: object) -> Site:
            nonlocal count
            count += 1
            state = short_path / f"site-{count}"
            options.setdefault("KENES_TESTING", "true")
            if addresses is None:
                addresses = current_addresses()
            else:
                unborn = Site(_variables(addresses, state), state / "log")
                unborn.manage("migrate", "--no-input", "--verbosity", "0")
            return stack.enter_context(live(addresses, state, **options))  # type: ignore[arg-type]

        yield make


def current_addresses() -> Addresses:
    """The run's servers, with the database that this process's tests use."""
    name = str(connection.settings_dict["NAME"])
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    return Addresses(url, os.environ["REDIS_URL"], os.environ["CELERY_BROKER_URL"])


def _variables(addresses: Addresses, state: Path) -> dict[str, str]:
    return processes.environment(addresses, state, KENES_TESTING="true")
