"""Without Valkey everything that a person does still works, and costs no waiting."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.conftest import Doomed
from tests.faults.driver import TOKEN, Browser, Reply
from tests.faults.prepare import PASSWORD
from tests.support import smtp

pytestmark = pytest.mark.faults

SLOWEST = 2.0  # seconds that a page may take because Valkey is away


def test_pages_sign_in_positions_and_comments_work_without_valkey(
    doomed: Callable[..., Doomed], tmp_path: Path
) -> None:
    with smtp.running(tmp_path / "letters") as sink:
        world = doomed(
            people=4,
            KENES_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            KENES_SMTP_HOST="127.0.0.1",
            KENES_SMTP_PORT=str(sink.port),
            KENES_STORE_PUBLIC_PAGES="true",
        )
        site = world.site
        article = world.articles[0]
        page = f"/en/consultations/{world.slug}/articles/{article}/"
        world.servers.stop("valkey")
        replies = []
        nobody = Browser(site.url)
        for path in ("/en/", page, f"/en/consultations/{world.slug}/draft/", "/en/calendar/"):
            replies += [nobody.get(path) for _again in range(3)]
        for number, session in enumerate(world.sessions):
            person = Browser(site.url, session)
            replies.append(person.get(page))
            replies.append(person.post(f"/en/subjects/{article}/position/", {"value": "agree"}))
            fields = {"body": f"Said without Valkey {number}.", "stance": "for"}
            replies.append(person.post(f"/en/subjects/{article}/comments/", fields))
        signed_in = _sign_in(site.url)
        assert (signed_in.status, "sessionid" in signed_in.headers["Set-Cookie"]) == (302, True)
        replies.append(signed_in)
        assert [r.status for r in replies if not 200 <= r.status < 400] == []
        assert max(reply.seconds for reply in replies) < SLOWEST
        counted = world.count()
        assert counted["counters"] == [4, 0, 0]
        assert len(counted["bodies"]) == 4
        assert counted["waiting"] > 0, "nobody could be told yet"
        world.servers.start("valkey")
        site.start_worker(concurrency=1)
        site.start_clock()
        end = time.monotonic() + 60
        while world.count()["waiting"] and time.monotonic() < end:
            time.sleep(1)
        assert world.count()["waiting"] == 0, "the sweep finds what was recorded meanwhile"


def _sign_in(url: str) -> Reply:
    """The sign-in form, filled in by the first person."""
    fields = {"login": "person.0@example.org", "password": PASSWORD}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
    }
    return Browser(url).send("POST", "/en/accounts/login/", urlencode(fields).encode(), headers)
