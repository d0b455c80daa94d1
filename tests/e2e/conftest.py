"""A real server with its styles and scripts, for tests that drive a browser."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from config.site import Site, live
from tests.plugins import prepared
from tests.plugins.live import current_addresses


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built styles and scripts, collected once."""
    if shared := prepared.collected():
        return shared
    folder = tmp_path_factory.mktemp("static")
    prepared.collect(folder)
    return folder


@pytest.fixture(scope="session")
def site(django_db_setup: None, static_root: Path) -> Iterator[Site]:
    """One real server with its styles for all tests; sessions made here are valid there."""
    state = Path(tempfile.mkdtemp(prefix="kenes-live-"))
    state.chmod(0o711)
    with live(
        current_addresses(),
        state,
        KENES_TESTING="true",
        KENES_STATIC_ROOT=str(static_root),
        KENES_SECRET_KEY=settings.SECRET_KEY,
    ) as found:
        yield found
    shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def browser(chromium_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The system's Chromium. Its driver runs a loop in this thread, which the database must bear."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()
        connections.close_all()  # the driver's loop has connections of its own
