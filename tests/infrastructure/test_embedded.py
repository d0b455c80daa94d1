"""The embedded PostgreSQL and Valkey, started, shared, killed and started again for real."""

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import Layout, running
from tests.infrastructure.processes import mentioning, status, wait_until


def query(state: Path, sql: str) -> object:
    with psycopg.connect(embedded.addresses(state).database_url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def other_user(state: Path) -> "subprocess.Popen[str]":
    """Another process that uses the servers until it is killed."""
    code = (
        "import sys, time; from pathlib import Path; from config.embedded import running\n"
        "with running(Path(sys.argv[1]), durable=False) as servers: print('up', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(state)],
        cwd=embedded.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_servers_answer_while_used_and_are_gone_afterwards(short_path: Path) -> None:
    with running(short_path / "state", durable=False) as servers:
        assert query(short_path / "state", "SELECT current_user") == "kenes"
        assert redis.from_url(servers.addresses.redis_url).ping()
    assert mentioning(str(short_path)) == []


def test_addresses_starts_and_writes_nothing(short_path: Path) -> None:
    found = embedded.addresses(short_path / "state")
    assert found.database_url.startswith("postgresql://kenes@/kenes?host=")
    assert not (short_path / "state").exists()


def test_cyrillic_is_folded_and_searched(short_path: Path) -> None:
    with running(short_path, durable=False):
        assert query(short_path, "SELECT lower('ӘҢГІМЕ')") == "әңгіме"
        sql = "SELECT to_tsvector('simple', 'Тіл ӘҢГІМЕ') @@ to_tsquery('simple', 'әңгіме')"
        assert query(short_path, sql) is True


def test_the_application_is_no_superuser_and_needs_its_password(
    short_path: Path,
) -> None:
    with running(short_path, durable=False) as servers:
        assert query(short_path, "SELECT rolsuper FROM pg_roles WHERE rolname = 'kenes'") is False
        socket = servers.layout.sockets
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=str(socket), user="kenes", dbname="kenes", password="guess")
        assert servers.layout.password_file.stat().st_mode & 0o777 == 0o600


def test_servers_never_run_as_root(short_path: Path) -> None:
    root = os.geteuid() == 0
    uid = pwd.getpwnam("nobody").pw_uid if root else os.geteuid()
    with running(short_path, durable=False) as servers:
        for name in ("postgresql", "valkey"):
            facts = status(servers.pid(name))
            assert set(facts["Uid"]) == {str(uid)}
            assert "0" not in facts["Gid"]
            assert not root or facts["Groups"] in ([], facts["Gid"][:1])
            folder = servers.layout.place / name
            assert folder.stat().st_mode & 0o777 == 0o700
            assert folder.stat().st_uid == uid


def test_users_share_one_pair_until_the_last_one_leaves(short_path: Path) -> None:
    with running(short_path, durable=False) as first:
        pids = first.pid("postgresql"), first.pid("valkey")
        with running(short_path, durable=False) as second:
            assert (second.pid("postgresql"), second.pid("valkey")) == pids
        assert query(short_path, "SELECT 1") == 1
        assert (first.pid("postgresql"), first.pid("valkey")) == pids
    assert mentioning(str(short_path)) == []


def test_two_that_start_at_once_share_one_pair(short_path: Path) -> None:
    others = [other_user(short_path), other_user(short_path)]
    try:
        assert len(mentioning(f"-D\0{short_path}")) == 1
    finally:
        for process in others:
            process.kill()
            process.communicate()
    assert wait_until(lambda: mentioning(str(short_path)) == [])


def test_a_killed_user_leaves_no_process(short_path: Path) -> None:
    user = other_user(short_path)
    assert mentioning(str(short_path))
    user.kill()
    user.communicate()
    assert wait_until(lambda: mentioning(str(short_path)) == [])


def test_data_is_found_again_after_everything_was_killed(short_path: Path) -> None:
    with running(short_path) as servers:
        query(short_path, "CREATE TABLE kept AS SELECT 42 AS answer")
        redis.from_url(servers.addresses.redis_url).set("kept", "42")
        pids = [servers.keeper_pid, servers.pid("postgresql"), servers.pid("valkey")]
        redis.from_url(servers.addresses.redis_url).execute_command("WAITAOF", 1, 0, 5000)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
    with running(short_path) as servers:
        assert query(short_path, "SELECT answer FROM kept") == 42
        assert redis.from_url(servers.addresses.redis_url).get("kept") == b"42"


def test_servers_end_when_their_keeper_is_killed(short_path: Path) -> None:
    with running(short_path, durable=False) as servers:
        os.kill(servers.keeper_pid, signal.SIGKILL)
        assert wait_until(lambda: mentioning(str(short_path)) == [])


def test_a_server_that_dies_is_started_again(short_path: Path) -> None:
    with running(short_path) as servers:
        query(short_path, "CREATE TABLE kept AS SELECT 42 AS answer")
        for name in ("postgresql", "valkey"):
            before = servers.pid(name)
            os.kill(before, signal.SIGKILL)
            assert wait_until(lambda: servers.pid(name) not in {0, before})  # noqa: B023
        servers.start("postgresql")  # returns when it accepts connections
        assert query(short_path, "SELECT answer FROM kept") == 42


def test_a_server_stays_down_while_asked_to(short_path: Path) -> None:
    with running(short_path, durable=False) as servers:
        client = redis.from_url(servers.addresses.redis_url)
        servers.stop("valkey")
        with pytest.raises(redis.ConnectionError):
            client.ping()
        assert servers.pid("valkey") == 0
        servers.start("valkey")
        assert client.ping()


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(
    short_path: Path,
) -> None:
    with running(short_path, durable=False) as servers:
        pid_file = servers.layout.place / "postgresql" / "postmaster.pid"
        before = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *before[1:]]) + "\n")
    with running(short_path, durable=False):
        assert query(short_path, "SELECT 1") == 1


def test_a_start_that_was_cut_short_begins_anew(short_path: Path) -> None:
    (short_path / "postgresql.new" / "base").mkdir(parents=True)
    with running(short_path, durable=False):
        assert query(short_path, "SELECT 1") == 1
    assert not (short_path / "postgresql.new").exists()


def test_a_deep_folder_gets_its_sockets_elsewhere(short_path: Path) -> None:
    deep = short_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with running(deep, durable=False) as servers:
        assert len(str(servers.layout.sockets)) < 60
        assert query(deep, "SELECT 1") == 1
        assert redis.from_url(servers.addresses.redis_url).ping()


def test_a_folder_that_nobody_may_enter_keeps_its_mode(short_path: Path) -> None:
    closed = short_path / "closed"
    closed.mkdir(mode=0o700)
    with running(closed / "state", durable=False) as servers:
        assert query(closed / "state", "SELECT 1") == 1
        place = servers.layout.place
    assert closed.stat().st_mode & 0o777 == 0o700
    with running(closed / "state", durable=False) as servers:
        assert servers.layout.place == place
    if place != closed / "state":
        subprocess.run(["rm", "-rf", str(place)], check=True)


def test_a_borrowed_folder_is_deleted_at_the_end(short_path: Path) -> None:
    with running(short_path / "state", durable=False, ephemeral=True):
        assert query(short_path / "state", "SHOW fsync") == "off"
    assert wait_until(lambda: not (short_path / "state").exists())


def test_a_failure_says_why(short_path: Path) -> None:
    with running(short_path, durable=False):
        pass
    (Layout(short_path).place / "postgresql" / "PG_VERSION").write_text("9\n")
    with (
        pytest.raises(embedded.ServersUnavailable, match="postgresql"),
        running(short_path, durable=False),
    ):
        pass
    assert mentioning(str(short_path)) == []
