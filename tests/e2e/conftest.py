"""A real server with its styles and scripts, for tests that drive a browser."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from config.site import Site


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built styles and scripts, collected once."""
    folder = tmp_path_factory.mktemp("static")
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    environment = os.environ | {"KENES_STATIC_ROOT": str(folder), "KENES_TESTING": "true"}
    subprocess.run(command, cwd=settings.ROOT, env=environment, check=True)
    return folder


@pytest.fixture
def site(live_web: Callable[..., Site], static_root: Path) -> Site:
    """The real server with its styles; sessions made here are valid there."""
    return live_web(KENES_STATIC_ROOT=str(static_root), KENES_SECRET_KEY=settings.SECRET_KEY)


@pytest.fixture
def browser(chromium_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The system's Chromium. Its driver runs a loop in this thread, which the database must bear."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()
        connections.close_all()  # the driver's loop has connections of its own
