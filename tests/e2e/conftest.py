"""A real server with its styles and scripts, for tests that drive a browser."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

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
