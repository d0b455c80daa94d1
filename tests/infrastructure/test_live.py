"""The fixtures that run a whole site for other tests."""

import os
import signal
import urllib.request
from collections.abc import Callable

import pytest

from accounts.models import User
from config.embedded import Servers
from config.site import Site
from tests.infrastructure.processes import wait_until


def ready(site: Site) -> int:
    with urllib.request.urlopen(f"{site.url}/healthz/ready", timeout=30) as answer:
        return int(answer.status)


@pytest.mark.django_db(transaction=True)
def test_a_site_on_the_tests_own_database(live_web: Callable[..., Site]) -> None:
    User.objects.create(email="seen@example.org")
    site = live_web()
    assert ready(site) == 200
    code = "from accounts.models import User; print(User.objects.get().email)"
    assert site.manage("shell", "--no-imports", "--command", code).strip() == "seen@example.org"


def test_a_site_on_servers_that_may_be_killed(
    durable_servers: Callable[[], Servers], live_web: Callable[..., Site]
) -> None:
    servers = durable_servers()
    site = live_web(servers.addresses, workers=1)
    worker = site.start_worker(concurrency=1)
    os.kill(servers.pid("postgresql"), signal.SIGKILL)
    servers.start("postgresql")
    assert ready(site) == 200
    assert worker.is_alive()
    worker.kill()
    assert not worker.is_alive()
    site.start_worker(concurrency=1)


def test_a_site_ends_with_the_test(
    durable_servers: Callable[[], Servers], live_web: Callable[..., Site]
) -> None:
    site = live_web(durable_servers().addresses, workers=1)
    web = site.children[0]
    web.stop()
    assert not web.is_alive()
    assert wait_until(lambda: web.process is not None and web.process.returncode is not None)
