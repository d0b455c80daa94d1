"""PostgreSQL and Valkey out of installed packages, for demonstration, development and tests.

This half is what a user of the servers needs: where they are (addresses, which starts nothing)
and a context manager that has them running (running). The servers belong to a keeper process,
config.keeper: users hold a connection to it, and when the last one closes, however it died, the
keeper stops both servers and leaves. No Django here, and nothing outside the standard library.
"""

import hashlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107
START_PATIENCE = 60.0  # seconds: a first start on a slow disk creates the whole cluster
BROKER_DATABASE = 1  # apart from the cache, whose clear() empties its database


class ServersUnavailable(RuntimeError):
    """The embedded servers could not be started; the message says why and where the log is."""


@dataclass(frozen=True)
class Addresses:
    """Where the embedded servers listen: unix sockets, written as URLs."""

    database_url: str
    redis_url: str
    broker_url: str


@dataclass(frozen=True)
class Layout:
    """The files of one pair of servers.

    place holds the data and is the state folder itself, unless the servers' unprivileged user
    cannot reach that; then state/place is a link to a folder that it can reach.
    """

    state: Path

    @property
    def place(self) -> Path:
        link = self.state / "place"
        return link.readlink() if link.is_symlink() else self.state

    @property
    def sockets(self) -> Path:
        """The folder of the sockets; a short one elsewhere when the path would be too long."""
        folder = self.place / "run"
        if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
            return folder
        digest = hashlib.sha256(os.fsencode(self.place)).hexdigest()[:16]
        return Path("/tmp") / f"kenes-{os.geteuid()}-{digest}"  # noqa: S108 - the keeper checks its owner

    @property
    def keeper_socket(self) -> Path:
        return self.sockets / "keeper"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey"

    @property
    def password_file(self) -> Path:
        return self.state / "password"

    @property
    def lock(self) -> Path:
        return self.state / "lock"

    @property
    def log(self) -> Path:
        return self.state / "log"


def addresses(state: Path) -> Addresses:
    """Where the servers of this state folder are or will be. Starts nothing, writes nothing.

    Before the first start there is no password yet, and the database's address has none.
    """
    layout = Layout(state.resolve())
    try:
        password = ":" + layout.password_file.read_text().strip()
    except OSError:
        password = ""
    valkey = quote(str(layout.valkey_socket))
    return Addresses(
        database_url=f"postgresql://kenes{password}@/kenes?host={quote(str(layout.sockets))}",
        redis_url=f"unix://{valkey}?db=0",
        broker_url=f"redis+socket://{valkey}?virtual_host={BROKER_DATABASE}",
    )


def broker_url(redis_url: str) -> str:
    """Celery's address on the same server as this cache address, in a database of its own."""
    parts = urlsplit(redis_url)
    if parts.scheme in {"unix", "redis+socket"}:
        return f"redis+socket://{parts.path}?virtual_host={BROKER_DATABASE}"
    return urlunsplit(parts._replace(path=f"/{BROKER_DATABASE}"))


def private_text(path: Path, make: str) -> str:
    """The text of a file only its owner may read, written with `make` if it is not there yet."""
    path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make + "\n")
    return make


def secret_key(state: Path) -> str:
    """A secret of this state folder, generated once: no demonstration shares its key."""
    return private_text(state / "secret-key", secrets.token_urlsafe(48))


def state_folder() -> Path:
    """Where everything local is kept: KENES_STATE, or .state beside the code."""
    named = os.environ.get("KENES_STATE", "").strip()
    return Path(named).expanduser().resolve() if named else ROOT / ".state"


def use_local_environment() -> Path:
    """Prepare this process's environment for the embedded servers; returns the state folder.

    What is set already stays. Otherwise the secret is this folder's own, and the rest is what the
    last `make demo` wrote down, so that a command in another terminal agrees with it.
    """
    state = state_folder()
    try:
        lines = (state / "environment").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
    os.environ.setdefault("KENES_DEMO", "true")
    os.environ.setdefault("KENES_SECRET_KEY", secret_key(state))
    return state


class Servers:
    """A running pair of servers, seen by one of its users."""

    def __init__(self, state: Path, connection: socket.socket, keeper_pid: int) -> None:
        self.layout = Layout(state)
        self.addresses = addresses(state)
        self.keeper_pid = keeper_pid
        self._connection = connection

    def fileno(self) -> int:
        """For select: readable means that the keeper, and with it both servers, is gone."""
        return self._connection.fileno()

    def pid(self, name: str) -> int:
        """The process id of "postgresql" or "valkey"; 0 while it is not running."""
        return int(self._ask(f"pid {name}"))

    def stop(self, name: str) -> None:
        """Stop one server in good order and keep it down until start(); for all its users."""
        self._ask(f"stop {name}")

    def start(self, name: str) -> None:
        """Start a server that was stopped; returns when it accepts connections."""
        self._ask(f"start {name}")

    def _ask(self, line: str) -> str:
        self._connection.sendall(line.encode() + b"\n")
        word, _, rest = _read_line(self._connection).partition(" ")
        if word != "ok":
            raise ServersUnavailable(f"{line}: {rest or 'the servers are gone'}")
        return rest

    def leave(self) -> None:
        """Stop using the servers. The last user waits until they and the keeper have ended."""
        try:
            self._connection.shutdown(socket.SHUT_WR)
            last = _read_line(self._connection) == "stopped"
        except OSError:
            last = False
        self._connection.close()
        if last:
            _wait_for_end(self.keeper_pid)


@contextmanager
def running(state: Path, *, durable: bool = True, ephemeral: bool = False) -> Iterator[Servers]:
    """Both servers, started unless they run already, kept for at least as long as the block.

    durable=False gives up crash safety for speed; ephemeral=True deletes the state folder when
    the last user leaves. Both count only for whoever starts the servers. Raises
    ServersUnavailable.
    """
    state = state.resolve()
    servers = join(state, durable=durable, ephemeral=ephemeral)
    try:
        yield servers
    finally:
        servers.leave()


def join(state: Path, *, durable: bool = True, ephemeral: bool = False) -> Servers:
    """Become a user of the servers, starting their keeper if nobody has; call leave() at the end."""
    layout = Layout(state)
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    deadline = time.monotonic() + START_PATIENCE
    keeper: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        connection = _connect(layout.keeper_socket)
        if connection is not None:
            connection.settimeout(max(1.0, deadline - time.monotonic()))
            word, _, rest = _read_line(connection).partition(" ")
            if word == "ready":
                connection.settimeout(None)
                return Servers(state, connection, int(rest))
            connection.close()
            if word == "error":
                if keeper is not None:
                    keeper.wait()
                raise ServersUnavailable(f"{rest} (see {layout.log})")
        elif keeper is None or keeper.poll() is not None:
            if keeper is not None and keeper.returncode:
                last = (layout.log / "keeper.log").read_text().rstrip().rpartition("\n")[2]
                raise ServersUnavailable(f"{last} (see {layout.log})")
            keeper = _spawn_keeper(layout, durable=durable, ephemeral=ephemeral)
        time.sleep(0.02)
    raise ServersUnavailable(f"the servers did not start in time (see {layout.log})")


def _spawn_keeper(layout: Layout, *, durable: bool, ephemeral: bool) -> "subprocess.Popen[bytes]":
    """Start config.keeper in a session of its own, so that no Ctrl-C of a user reaches it."""
    command = [sys.executable, "-m", "config.keeper", str(layout.state)]
    command += ["--fast"] * (not durable) + ["--ephemeral"] * ephemeral
    layout.log.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (layout.log / "keeper.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _connect(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return connection


def _read_line(connection: socket.socket) -> str:
    """The next line without its end; what there is of it when the other side has gone."""
    line = b""
    while not line.endswith(b"\n"):
        try:
            byte = connection.recv(1)
        except OSError:
            break
        if not byte:
            break
        line += byte
    return line.decode().rstrip("\n")


def _wait_for_end(pid: int) -> None:
    """Wait a few seconds at most until a process, perhaps a child of ours, has ended."""
    for _ in range(500):
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return
        except ChildProcessError:
            if not Path(f"/proc/{pid}").exists():
                return
        time.sleep(0.01)
