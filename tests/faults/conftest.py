"""A site that is pressed, and one whose servers are stopped and killed."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from config.embedded import ROOT, Servers
from config.site import Site


@dataclass
class Doomed:
    """A site with a consultation, on servers that the test may stop."""

    site: Site
    servers: Servers
    slug: str
    articles: list[int]
    sessions: list[str]

    def count(self) -> dict[str, Any]:
        """Rows and counters of the first article, and whether every counter holds."""
        return dict(json.loads(_run(self.site, "tests.faults.count", str(self.articles[0]))))


def _run(site: Site, module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=dict(site.variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture
def doomed(
    durable_servers: Callable[[], Servers], live_web: Callable[..., Site]
) -> Callable[..., Doomed]:
    """A factory: doomed(people=4, NAME="…" further environment)."""

    def make(*, people: int = 4, **settings: str) -> Doomed:
        servers = durable_servers()
        site = live_web(servers.addresses, **settings)
        made = json.loads(_run(site, "tests.faults.prepare", str(people)))
        return Doomed(
            site, servers, made["slug"], made["articles"], list(made["sessions"].values())
        )

    return make
