"""Early pytest plugin (`-p tests.plugins.servers`): one PostgreSQL and one Valkey for the run.

They start before Django reads its settings, in a temporary folder, without crash safety, and end
with the run, however it ends. pytest-django gives every xdist worker a database of its own; here
each gets numbers of its own in Valkey too. DATABASE_URL and REDIS_URL, both set, replace them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Have the servers running before pytest-django's turn comes."""
    os.environ["KENES_TESTING"] = "true"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        _take_numbers(int(worker.removeprefix("gw")) + 1)
        return (yield)
    folder = _make_folder(early_config)
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        state = Path(tempfile.mkdtemp(prefix="kenes-test-"))
        state.chmod(0o711)
        servers = embedded.join(state, durable=False, ephemeral=True)
        early_config.add_cleanup(servers.leave)
        os.environ["KENES_TEST_FOLDER"] = str(folder)  # see tests.plugins.prepared
        os.environ["KENES_STATE"] = str(state)
        os.environ["DATABASE_URL"] = servers.addresses.database_url
        os.environ["REDIS_URL"] = servers.addresses.redis_url
        _take_numbers(0)
    return (yield)


def _make_folder(early_config: pytest.Config) -> Path:
    """A folder that the run's workers share, and in it an empty one.

    The empty one is for collected static files: every new test client would read through them all.
    """
    folder = Path(tempfile.mkdtemp(prefix="kenes-run-"))
    early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    folder.chmod(0o711)
    (folder / "static").mkdir()
    os.environ["KENES_STATIC_ROOT"] = str(folder / "static")
    return folder


def _take_numbers(index: int) -> None:
    """Cache and broker databases that no other worker uses."""
    base = os.environ["REDIS_URL"].partition("?")[0]
    if not base.startswith("unix://"):
        return
    os.environ["REDIS_URL"] = f"{base}?db={2 * index}"
    path = base.removeprefix("unix://")
    os.environ["CELERY_BROKER_URL"] = f"redis+socket://{path}?virtual_host={2 * index + 1}"
