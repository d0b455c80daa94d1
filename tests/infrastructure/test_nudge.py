"""Nudging Celery while the broker is there, stopped, frozen and back."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
import redis
from django.db import transaction

from common import nudge
from config import embedded
from config.celery import app
from config.embedded import Servers
from tests.infrastructure.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "processes.tasks.deliver_entries"


@pytest.fixture
def servers(
    durable_servers: Callable[[], Servers], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Servers]:
    """A broker of our own, to be stopped without disturbing other tests."""
    found = durable_servers()
    monkeypatch.setattr(app.conf, "broker_write_url", found.addresses.broker_url)
    monkeypatch.setattr(nudge, "broker", nudge.Breaker(pause=600))
    yield found


def waiting(servers: Servers) -> int:
    """How many tasks stand in the queue."""
    path = str(servers.layout.valkey_socket)
    with redis.Redis(unix_socket_path=path, db=embedded.BROKER_DATABASE) as client:
        return int(client.llen("celery"))


def test_a_nudge_reaches_the_broker_after_commit(servers: Servers) -> None:
    with transaction.atomic():
        nudge.nudge(TASK)
        assert waiting(servers) == 0
    assert waiting(servers) == 1


def test_a_stopped_broker_is_tried_once_and_then_left_alone(servers: Servers) -> None:
    servers.stop("valkey")
    nudge.nudge(TASK)
    assert not nudge.broker.may_try()
    servers.start("valkey")
    nudge.nudge(TASK)
    assert waiting(servers) == 0


def test_a_broker_that_is_back_is_used_again_after_the_pause(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudge.nudge(TASK)
    servers.stop("valkey")
    nudge.nudge(TASK)
    servers.start("valkey")
    monkeypatch.setattr(nudge.broker, "_open_until", 0.0)
    nudge.nudge(TASK)
    nudge.nudge(TASK)
    assert wait_until(lambda: waiting(servers) == 3)


def test_a_frozen_broker_holds_nobody(servers: Servers) -> None:
    nudge.nudge(TASK)
    pid = servers.pid("valkey")
    os.kill(pid, signal.SIGSTOP)
    try:
        nudge.nudge(TASK)
        assert not nudge.broker.may_try()
    finally:
        os.kill(pid, signal.SIGCONT)


def test_only_one_caller_finds_out_whether_a_broker_is_back() -> None:
    breaker = nudge.Breaker(pause=600)
    breaker.failed()
    breaker._open_until = 0.0
    assert [breaker.may_try(), breaker.may_try()] == [True, False]
    breaker.succeeded()
    assert [breaker.may_try(), breaker.may_try()] == [True, True]
