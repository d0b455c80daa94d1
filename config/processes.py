"""The processes that make up a running Kenes: web server, Celery worker, Celery's clock.

Used by the demonstration, by tests that kill real processes and by the benchmark. Standard library
only. Every child leads a process group of its own and is told to end when its parent dies.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import ROOT, Addresses

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(number: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program: be sent this signal when the parent dies, however.

    Linux only; elsewhere it does nothing. Holds across exec, and must follow a change of user.
    """
    parent = os.getpid()

    def follow() -> None:
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return follow


def end_with_parent_of_this() -> None:
    """Have this very process sent SIGTERM when its parent dies."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


@dataclass
class Child:
    """A program of ours with everything it starts, in one process group."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    pass_fds: Sequence[int] = ()
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> "Child":
        """Start the program; its output goes to the log, or to ours if there is none."""
        output = None
        if self.log is not None:
            self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            output = self.log.open("ab")
        try:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=self.pass_fds,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - before any thread
            )
        finally:
            if output is not None:
                output.close()
        return self

    @property
    def pid(self) -> int:
        """The first process of the group; 0 before start()."""
        return self.process.pid if self.process is not None else 0

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self) -> int:
        """Wait until the program has ended; returns its exit code."""
        return self.process.wait() if self.process is not None else 0

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_alive():
            self.process.send_signal(signal.SIGTERM)

    def stop(self, patience: float = 10.0) -> None:
        """End it in good order, or by force after so many seconds; none of its group remains."""
        self.ask_to_stop()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """kill -9 for the whole group, whatever is left of it."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment(addresses: Addresses, state: Path, **settings: str) -> dict[str, str]:
    """The environment of a process that uses these servers; settings are further variables."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "KENES_STATE": str(state),
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "CELERY_BROKER_URL": addresses.broker_url,
        **settings,
    }


def listener(port: int = 0) -> socket.socket:
    """A socket on this machine alone for a web server to take over; port 0 takes a free one.

    Raises OSError when the port is in use.
    """
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
        found.listen(512)
    except OSError:
        found.close()
        raise
    return found


def web(
    variables: Mapping[str, str],
    at: socket.socket,
    log: Path | None = None,
    *,
    workers: int = 2,
    threads: int = 4,
    application: str = "config.wsgi",
) -> Child:
    """The web server on a listening socket, which stays open here when the server dies."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--bind",
        f"fd://{at.fileno()}",
    ]
    command += ["--workers", str(workers), "--threads", str(threads)]
    command += [
        "--worker-class",
        "gthread",
        "--no-control-socket",
        "--graceful-timeout",
        "5",
    ]
    return Child("web", command, variables, log, pass_fds=[at.fileno()])


def worker(variables: Mapping[str, str], log: Path | None = None, *, concurrency: int = 2) -> Child:
    """A Celery worker."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker"]
    command += ["--loglevel", "WARNING", "--concurrency", str(concurrency)]
    command += ["--without-gossip", "--without-mingle"]
    return Child("worker", command, variables, log)


def clock(variables: Mapping[str, str], schedule: Path, log: Path | None = None) -> Child:
    """Celery's beat, which sends the tasks of the schedule; the file remembers when it last did."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "beat"]
    command += ["--loglevel", "WARNING", "--pidfile", "", "--schedule", str(schedule)]
    return Child("clock", command, variables, log)


def manage(variables: Mapping[str, str], *arguments: str, log: Path | None = None) -> Child:
    """A manage.py command."""
    return Child(arguments[0], [sys.executable, "manage.py", *arguments], variables, log)


def wait_for_page(url: str, child: Child, patience: float = 60.0) -> bool:
    """Whether this address answered 200 in time; gives up early when the child has ended."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and child.is_alive():
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
