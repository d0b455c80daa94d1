"""Persistent connections notice a dead server without asking it anything."""

import os
import signal
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import OperationalError

from config import env
from config.embedded import Servers
from config.postgresql.base import DatabaseWrapper
from tests.infrastructure.processes import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def servers(durable_servers: Callable[[], Servers]) -> Servers:
    return durable_servers()


@pytest.fixture
def wrapper(servers: Servers) -> Iterator[DatabaseWrapper]:
    """A connection as a web process keeps it, outside any transaction, to servers of its own."""
    settings = {
        **env.database(servers.addresses.database_url),
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": None,
        "TIME_ZONE": None,
    }
    found = DatabaseWrapper(settings)
    found.inc_thread_sharing()
    yield found
    found.close()


def backend(wrapper: DatabaseWrapper) -> int:
    """The process id of the server's side, asked over this connection."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def begin_request(wrapper: DatabaseWrapper) -> None:
    """What Django does with every connection when a request begins."""
    wrapper.close_if_unusable_or_obsolete()


def test_a_healthy_connection_is_kept_and_not_asked(
    wrapper: DatabaseWrapper, servers: Servers
) -> None:
    first = backend(wrapper)
    for _ in range(3):
        begin_request(wrapper)
        assert backend(wrapper) == first
    begin_request(wrapper)
    assert wrapper.is_usable()
    with psycopg.connect(servers.addresses.database_url) as other:
        sql = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        assert other.execute(sql, [first]).fetchone() == ("SELECT pg_backend_pid()",)


def test_an_ended_connection_is_replaced_before_the_next_query(
    wrapper: DatabaseWrapper, servers: Servers
) -> None:
    first = backend(wrapper)
    with psycopg.connect(servers.addresses.database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [first])
    assert wait_until(lambda: not wrapper.is_usable())
    begin_request(wrapper)
    assert backend(wrapper) != first


def test_requests_fail_only_while_the_server_is_away(
    wrapper: DatabaseWrapper, servers: Servers
) -> None:
    first = backend(wrapper)
    servers.stop("postgresql")
    begin_request(wrapper)
    with pytest.raises(OperationalError):
        backend(wrapper)
    servers.start("postgresql")
    begin_request(wrapper)
    assert backend(wrapper) != first


def test_a_killed_server_is_noticed(wrapper: DatabaseWrapper, servers: Servers) -> None:
    first = backend(wrapper)
    os.kill(servers.pid("postgresql"), signal.SIGKILL)
    assert wait_until(lambda: not wrapper.is_usable())
    servers.start("postgresql")
    begin_request(wrapper)
    assert backend(wrapper) != first
