"""The process that keeps PostgreSQL and Valkey running for as long as anyone uses them.

Started by config.embedded as `python -m config.keeper STATE`. Its users hold connections to its
socket; the kernel closes them even after kill -9, so counting them needs no file that could go
stale. The servers are its children: they end with it (PR_SET_PDEATHSIG), hold a lock file open
each (so that no second one can ever write the same data), and are started again when they die.
"""

import argparse
import contextlib
import fcntl
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from io import BufferedRandom
from pathlib import Path
from typing import Any

from config.embedded import Layout, ServersUnavailable, _connect
from config.engines import postgresql, valkey
from config.servers import Server, open_folder, prepare

LOCK_PATIENCE = 15.0  # seconds for what a kill -9 left behind to end
FIRST_USER_PATIENCE = 5.0  # seconds after which a keeper that nobody came to leaves again
LOG_LIMIT = 20_000_000  # bytes


def take_lock(layout: Layout) -> BufferedRandom | None:
    """The lock of this state folder, or None when another keeper already serves it."""
    file = layout.lock.open("a+b")
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        other = _connect(layout.keeper_socket)
        if other is not None:
            other.close()
            return None
        if time.monotonic() > deadline:
            raise ServersUnavailable(f"{layout.lock} is held by a process that does not answer")
        time.sleep(0.02)


class Keeper:
    """One event loop: users come, ask and go; children die and are started again."""

    def __init__(self, layout: Layout, servers: list[Server]) -> None:
        self.layout = layout
        self.servers = {server.name: server for server in servers}
        self.selector = selectors.DefaultSelector()
        self.users: set[socket.socket] = set()
        self.ready = False
        self.asked_to_stop = False
        self.began = time.monotonic()

    def listen(self) -> None:
        """Open the socket that users find us by, and be woken by signals."""
        with contextlib.suppress(FileNotFoundError):
            self.layout.keeper_socket.unlink()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.layout.keeper_socket))
        self.layout.keeper_socket.chmod(0o600)
        self.listener.listen(64)
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.wakeup, alarm = socket.socketpair()
        self.wakeup.setblocking(False)
        alarm.setblocking(False)
        signal.set_wakeup_fd(alarm.fileno(), warn_on_full_buffer=False)
        self._alarm = alarm
        self.selector.register(self.wakeup, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_soon)

    def _stop_soon(self, *_: object) -> None:
        self.asked_to_stop = True

    def serve(self) -> None:
        """Run until the last user has left, or a signal says stop."""
        for server in self.servers.values():
            server.start()
        for server in self.servers.values():
            server.wait_until_ready()
        self.ready = True
        for user in self.users:
            self._greet(user)
        while not self.asked_to_stop and self._is_wanted():
            for key, _ in self.selector.select(timeout=0.1 if self._misses_one() else 1.0):
                self._handle(key.fileobj)
            for server in self.servers.values():
                server.start_again_if_dead()

    def _misses_one(self) -> bool:
        return any(server.wanted and not server.pid for server in self.servers.values())

    def _is_wanted(self) -> bool:
        return bool(self.users) or time.monotonic() - self.began < FIRST_USER_PATIENCE

    def _handle(self, source: Any) -> None:
        if source is self.wakeup:
            with contextlib.suppress(BlockingIOError):
                self.wakeup.recv(4096)
        elif source is self.listener:
            user, _ = self.listener.accept()
            self.users.add(user)
            self.began = 0.0  # somebody came: from now on the last one to leave ends it
            self.selector.register(user, selectors.EVENT_READ)
            self._greet(user)
        else:
            self._hear(source)

    def _greet(self, user: socket.socket) -> None:
        with contextlib.suppress(OSError):
            user.sendall(f"ready {os.getpid()}\n".encode())

    def _hear(self, user: socket.socket) -> None:
        """Answer what a user asks, or see it go."""
        try:
            lines = user.recv(4096).decode().splitlines()
        except OSError:
            lines = []
        if not lines:
            self.selector.unregister(user)
            self.users.discard(user)
            self._see_off(user)
        for line in lines:
            with contextlib.suppress(OSError):
                user.sendall(self._answer(line).encode() + b"\n")

    def _answer(self, line: str) -> str:
        verb, _, name = line.partition(" ")
        server = self.servers.get(name)
        if server is None:
            return f"error no server named {name!r}"
        try:
            if verb == "stop":
                server.stop()
            elif verb == "start":
                server.start()
                server.wait_until_ready()
            elif verb != "pid":
                return f"error unknown request {verb!r}"
        except ServersUnavailable as error:
            return f"error {error}"
        return f"ok {server.pid}"

    def _see_off(self, user: socket.socket) -> None:
        """Let a user go; the last one waits until everything has stopped."""
        last = not self.users
        if last:
            self.stop_servers()
        with contextlib.suppress(OSError):
            user.sendall(b"stopped\n" if last else b"shared\n")
        user.close()

    def stop_servers(self) -> None:
        """Refuse new users, then stop both servers in good order. May be called again."""
        with contextlib.suppress(OSError):
            self.layout.keeper_socket.unlink()
        for server in self.servers.values():
            server.ask_to_stop()
        for server in self.servers.values():
            server.stop()

    def fail(self, error: Exception) -> None:
        """Tell everyone who waits why there are no servers."""
        self.selector.unregister(self.listener)
        self.listener.setblocking(False)
        with contextlib.suppress(OSError):
            while True:
                self.users.add(self.listener.accept()[0])
        for user in self.users:
            with contextlib.suppress(OSError):
                user.sendall(f"error {error}\n".encode())


def keep(state: Path, *, durable: bool) -> None:
    """Be the keeper of this state folder until nobody needs it."""
    layout = Layout(state)
    layout.log.mkdir(mode=0o700, exist_ok=True)
    lock = take_lock(layout)
    if lock is None:
        return
    _trim_logs(layout)
    account = prepare(layout)
    open_folder(layout.sockets, account)
    keeper = Keeper(layout, [])
    keeper.listen()
    try:
        for make in (postgresql, valkey):
            server = make(layout, account, durable=durable)
            keeper.servers[server.name] = server
        keeper.serve()
    except (ServersUnavailable, OSError) as error:
        keeper.fail(error)
        raise
    finally:
        keeper.stop_servers()
        if layout.place not in layout.sockets.parents:
            shutil.rmtree(layout.sockets, ignore_errors=True)


def _trim_logs(layout: Layout) -> None:
    """Start a log anew when it has grown large, keeping the previous one."""
    for path in layout.log.glob("*.log"):
        if path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))


def forget(layout: Layout) -> None:
    """Delete everything, for a state folder that was only borrowed."""
    shutil.rmtree(layout.sockets, ignore_errors=True)
    shutil.rmtree(layout.place, ignore_errors=True)
    shutil.rmtree(layout.state, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="config.keeper", description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("--fast", action="store_true", help="no crash safety, for tests")
    parser.add_argument("--ephemeral", action="store_true", help="delete STATE at the end")
    options = parser.parse_args()
    try:
        keep(options.state, durable=not options.fast)
    except (ServersUnavailable, OSError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    finally:
        if options.ephemeral:
            forget(Layout(options.state))


if __name__ == "__main__":
    main()
