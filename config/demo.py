"""The supervisor behind `make demo`: everything a demonstration needs, until Ctrl-C or SIGTERM.

Prepares the database, starts web server, worker and clock, starts again what dies, and on leaving
ends all of it. Nothing survives it: children are told to end when it dies, even by kill -9, and
the servers' keeper sees its connection close.
"""

import argparse
import contextlib
import errno
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from config import embedded, processes
from config.processes import Child

QUICK = 15.0  # seconds; a process that dies sooner counts as one that cannot start
PATIENCE = 5  # quick deaths in a row before the demonstration gives up


class Stopped(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived."""


class Failed(RuntimeError):
    """The demonstration cannot run; the message is for whoever typed the command."""


def stop_on_signals() -> None:
    """Turn the first signal into Stopped and ignore the rest: leaving is under way."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in numbers:
        signal.signal(number, stop)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    began = time.monotonic()
    print(f"  {what} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed" if not isinstance(sys.exception(), Stopped) else "", flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def finish(child: Child) -> None:
    """Run a command to its end. Raises Failed with the end of its log."""
    child.start()
    try:
        code = child.wait()
    except Stopped:
        child.stop(5)
        raise
    if code:
        raise Failed(f"{' '.join(child.command[1:])} failed.\n{tail(child.log)}")


def tail(log: Path | None, lines: int = 25) -> str:
    if log is None or not log.exists():
        return ""
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([*text, f"(from {log})"])


class Demonstration:
    """One run of `make demo` on one port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.site = f"http://127.0.0.1:{port}"
        self.state = embedded.state_folder()
        self.servers: embedded.Servers | None = None
        self.children: list[Child] = []
        self.deaths: dict[str, int] = {}
        self.started: dict[str, float] = {}

    def log(self, name: str) -> Path:
        return self.state / "log" / f"{name}.log"

    def run(self) -> None:
        """Everything, until Stopped or Failed is raised."""
        try:
            at = processes.listener(self.port)
        except OSError as error:
            raise Failed(_why_no_port(self.port, error)) from error
        try:
            variables = self.start_servers()
            self.prepare(variables)
            self.start_children(variables, at)
            self.announce(variables)
            self.watch()
        finally:
            self.leave()
            at.close()

    def start_servers(self) -> Mapping[str, str]:
        """The environment of every child, its servers running: the embedded ones, unless named."""
        embedded.use_local_environment()
        os.environ["KENES_SITE_URL"] = self.site
        named = [os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")]
        if all(named):
            addresses = embedded.Addresses(*named, embedded.broker_url(named[1]))
            return processes.environment(addresses, self.state)
        with step("Starting PostgreSQL and Valkey"):
            self.servers = embedded.join(self.state)
        if self.servers.layout.place != self.state:
            print(f"    (nobody but root may enter here: data in {self.servers.layout.place})")
        (self.state / "environment").write_text(f"KENES_DEMO=true\nKENES_SITE_URL={self.site}\n")
        return processes.environment(self.servers.addresses, self.state)

    def prepare(self, variables: Mapping[str, str]) -> None:
        """Tables and the demonstration's content; quick when they are there."""
        steps = {
            "Preparing the database": ("migrate", "--no-input", "--verbosity", "1"),
            "Loading the demonstration": ("load_demo",),
        }
        for what, arguments in steps.items():
            with step(what):
                finish(processes.manage(variables, *arguments, log=self.log(arguments[0])))

    def start_children(self, variables: Mapping[str, str], at: socket.socket) -> None:
        self.children = [
            processes.web(variables, at, self.log("web")),
            processes.worker(variables, self.log("worker")),
            processes.clock(variables, self.state / "schedule", self.log("clock")),
        ]
        with step("Starting web server, worker and clock"):
            for child in self.children:
                self.start(child)
            if not processes.wait_for_page(f"{self.site}/healthz/ready", self.children[0]):
                raise Failed(f"The web server does not answer.\n{tail(self.children[0].log)}")

    def start(self, child: Child) -> None:
        child.start()
        self.started[child.name] = time.monotonic()

    def announce(self, variables: Mapping[str, str]) -> None:
        """The address and the demonstration accounts, one a line."""
        log = self.state / "log" / "accounts.log"
        log.unlink(missing_ok=True)
        finish(processes.manage(variables, "load_demo", "--accounts", log=log))
        print(f"\nKenes is ready at {self.site}/\n\nAccounts (e-mail, password, role):")
        print(log.read_text().strip(), flush=True)
        log.unlink()
        print(f"\nLetters are written to {self.state / 'mail'}, logs to {self.state / 'log'}.")
        print("Ctrl-C ends the demonstration; its data stays.", flush=True)

    def watch(self) -> None:
        """Start again what dies. Returns never."""
        while True:
            if self.servers is None:
                time.sleep(1)
            elif select.select([self.servers], [], [], 1)[0]:
                print("PostgreSQL and Valkey are gone; starting them again.", flush=True)
                self.servers = embedded.join(self.state)
            for child in self.children:
                if not child.is_alive():
                    self.start_again(child)

    def start_again(self, child: Child) -> None:
        """Start a process that died. Raises Failed when it keeps dying at once."""
        quick = time.monotonic() - self.started[child.name] < QUICK
        self.deaths[child.name] = self.deaths.get(child.name, 0) + 1 if quick else 0
        if self.deaths[child.name] >= PATIENCE:
            raise Failed(f"The {child.name} keeps ending.\n{tail(child.log)}")
        print(f"The {child.name} ended; starting it again.", flush=True)
        child.kill()  # what it may have left behind
        self.start(child)

    def leave(self) -> None:
        """End everything we started, all at once, and the servers if nobody else uses them."""
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop()
        if self.servers is not None:
            self.servers.leave()


def _why_no_port(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Choose another: make demo PORT={port + 1}"
    return f"Port {port} cannot be used: {error.strerror}. Choose another: make demo PORT=8000"


def main() -> None:
    parser = argparse.ArgumentParser(prog="config.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--with-parent", action="store_true", help="end when the parent dies")
    options = parser.parse_args()
    if options.with_parent:
        processes.end_with_parent_of_this()
    stop_on_signals()
    demonstration = Demonstration(options.port)
    try:
        demonstration.run()
    except Stopped:
        print("\nEverything has ended.", flush=True)
    except (Failed, embedded.ServersUnavailable) as error:
        sys.exit(f"\n{error}")


if __name__ == "__main__":
    main()
