"""A whole Kenes for a while: real gunicorn, real Celery, given servers. For tests and benchmark."""

import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config import processes
from config.embedded import ROOT, Addresses
from config.processes import Child


@dataclass
class Site:
    """Processes on one pair of servers, listening on a free port of this machine."""

    variables: Mapping[str, str]
    log: Path
    url: str = ""
    children: list[Child] = field(default_factory=list)

    def manage(self, *arguments: str) -> str:
        """Run a manage.py command; returns its output. Raises RuntimeError with it on failure."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stdout}")
        return done.stdout

    def start_worker(self, *, concurrency: int = 2) -> Child:
        """Another Celery worker; ended with the site."""
        return self._start(
            processes.worker(self.variables, self.log / "worker.log", concurrency=concurrency)
        )

    def start_clock(self) -> Child:
        """Celery's beat; ended with the site."""
        schedule = self.log / "schedule"
        return self._start(processes.clock(self.variables, schedule, self.log / "clock.log"))

    def _start(self, child: Child) -> Child:
        self.children.append(child.start())
        return child


@contextmanager
def live(
    addresses: Addresses,
    state: Path,
    *,
    workers: int = 2,
    threads: int = 4,
    application: str = "config.wsgi",
    ready: str = "/healthz/live",
    **settings: str,
) -> Iterator[Site]:
    """A web server that answers, and whatever is started besides; all of it ends with the block.

    state is for logs and files; settings are further environment variables. The database must
    exist and be migrated (or be migrated through Site.manage). Raises RuntimeError when the web
    server does not answer at `ready`.
    """
    with processes.listener() as at:
        url = f"http://127.0.0.1:{at.getsockname()[1]}"
        defaults = {
            "KENES_SITE_URL": url,
            "KENES_SECRET_KEY": secrets.token_urlsafe(48),
        }
        variables = processes.environment(addresses, state, **{**defaults, **settings})
        site = Site(variables, state / "log", url)
        web = processes.web(
            variables,
            at,
            site.log / "web.log",
            workers=workers,
            threads=threads,
            application=application,
        )
        site.children.append(web)
        try:
            web.start()
            if not processes.wait_for_page(url + ready, web):
                raise RuntimeError(f"the web server does not answer; see {web.log}")
            yield site
        finally:
            for child in site.children:
                child.ask_to_stop()
            for child in site.children:
                child.stop()
