"""One child process of the keeper: who it runs as, how it starts, ends and is started again."""

import fcntl
import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import Layout, ServersUnavailable
from config.processes import end_with_parent

UNPRIVILEGED = "nobody"
READY_PATIENCE = 30.0  # seconds, recovery after a crash included
SURVIVOR_PATIENCE = 10.0  # seconds for what a kill -9 left behind to end
STOP_PATIENCE = 15.0  # seconds before a server that does not stop is killed


@dataclass(frozen=True)
class Account:
    """Who the servers run as: None for ourselves, or the unprivileged user when we are root."""

    uid: int | None = None
    gid: int | None = None

    def as_arguments(self) -> dict[str, object]:
        """Arguments for subprocess that give up root's user, group and further groups."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can(self, *command: str | Path) -> bool:
        """Whether a program runs well in this account."""
        try:
            done = subprocess.run(
                [str(word) for word in command],
                cwd="/",
                env={},
                capture_output=True,
                check=False,
                **self.as_arguments(),  # type: ignore[call-overload]
            )
        except OSError:
            return False
        return bool(done.returncode == 0)


def prepare(layout: Layout) -> Account:
    """Choose the account and make sure that it can reach the place of the data."""
    if os.geteuid() != 0:
        return Account()
    entry = pwd.getpwnam(UNPRIVILEGED)
    account = Account(entry.pw_uid, entry.pw_gid)
    reachable = layout.place.is_dir() and account.can("/usr/bin/test", "-x", layout.place)
    if not reachable:
        folder = Path(tempfile.mkdtemp(prefix="kenes-", dir="/var/tmp"))
        folder.chmod(0o711)
        link = layout.state / "place"
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    return account


def open_folder(path: Path, account: Account) -> Path:
    """A folder of the servers' own, closed to everyone else. Raises if it is somebody else's."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = path.lstat()
    if path.is_symlink() or facts.st_uid not in {os.geteuid(), account.uid}:
        raise ServersUnavailable(f"{path} belongs to somebody else")
    path.chmod(0o700)
    account.own(path)
    return path


@dataclass
class Server:
    """One child process, started again with a growing pause when it dies by itself."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    account: Account
    lock: Path
    answers: Callable[[], bool]
    end_signal: signal.Signals
    clear_stale: Callable[[], None]
    process: "subprocess.Popen[bytes] | None" = None
    wanted: bool = False
    pause: float = field(default=0.05)
    not_before: float = field(default=0.0)

    @property
    def pid(self) -> int:
        alive = self.process is not None and self.process.poll() is None
        return self.process.pid if self.process is not None and alive else 0

    def start(self) -> None:
        """Start the process unless it runs. Raises ServersUnavailable when an earlier one lives on."""
        self.wanted = True
        deadline = time.monotonic() + SURVIVOR_PATIENCE
        while not self.pid and not self._start_once():
            if time.monotonic() > deadline:
                raise ServersUnavailable(f"another {self.name} still uses {self.folder}")
            time.sleep(0.01)

    def _start_once(self) -> bool:
        """Start the process unless something of an earlier one is still alive.

        Each process inherits the open lock file, and so does everything it forks. The lock being
        free therefore proves that nothing else writes the data, whatever pid files say.
        """
        with self.lock.open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self.clear_stale()
            self._launch(lock.fileno())
        return True

    def _launch(self, lock: int) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                preexec_fn=end_with_parent(self.end_signal),  # noqa: PLW1509 - the keeper has one thread
                **self.account.as_arguments(),  # type: ignore[call-overload]
            )

    def wait_until_ready(self) -> None:
        """Return when it accepts connections; raises ServersUnavailable when it will not."""
        deadline = time.monotonic() + READY_PATIENCE
        deaths = 0
        while not self.answers():
            if not self.pid:
                deaths += 1
                if deaths > 2:
                    raise ServersUnavailable(f"{self.name} ended while it started")
                self.start()
            if time.monotonic() > deadline:
                raise ServersUnavailable(f"{self.name} does not accept connections")
            time.sleep(0.01)

    def start_again_if_dead(self) -> None:
        """Called often: starts a server that died, at once the first time, then ever later."""
        now = time.monotonic()
        if not self.wanted or self.pid:
            if self.pid and now - self.not_before > 60.0:
                self.pause = 0.05
            return
        if now < self.not_before:
            return
        if self._start_once():
            self.not_before = now + self.pause
            self.pause = min(self.pause * 2, 5.0)

    def ask_to_stop(self) -> None:
        self.wanted = False
        if self.process is not None and self.pid:
            self.process.send_signal(self.end_signal)

    def stop(self) -> None:
        """Stop it in good order, by force if it takes too long; returns when it has ended."""
        self.ask_to_stop()
        if self.process is None:
            return
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
