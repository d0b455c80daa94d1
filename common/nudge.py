"""Telling Celery that there is work now, without ever depending on it.

The work itself is a row, and a sweep finds it by schedule; a nudge only makes it happen sooner.
So a broker that is away must cost a request nothing: failures are logged and forgotten, and
after one the broker is left alone for a few seconds.
"""

import threading
import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

PAUSE = 10.0  # seconds during which a broker that failed is not tried again
# Workers may wait for the broker; a request may not. In seconds.
HASTE = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
log = structlog.get_logger(__name__)


class Breaker:
    """Lets one caller try at a time, and nobody while the pause after a failure lasts."""

    def __init__(self, pause: float = PAUSE) -> None:
        self.pause = pause
        self._lock = threading.Lock()
        self._open_until = 0.0
        self._is_suspect = False

    def may_try(self) -> bool:
        """Whether to try now. After a failure only one caller per pause finds out for all."""
        with self._lock:
            now = time.monotonic()
            if now < self._open_until:
                return False
            if self._is_suspect:
                self._open_until = now + self.pause
            return True

    def failed(self) -> None:
        with self._lock:
            self._is_suspect = True
            self._open_until = time.monotonic() + self.pause

    def succeeded(self) -> None:
        with self._lock:
            self._is_suspect = False
            self._open_until = 0.0


broker = Breaker()


def nudge(task: str, *args: object) -> None:
    """Start the task of that name after the current transaction commits, if the broker is there.

    A name, since what wakes a task stands below it in the layers. args must be JSON values: ids.
    Never raises because of the broker and holds the caller for a second at most. Whatever the task
    does must also be found by a sweep.
    """
    transaction.on_commit(lambda: _send(task, args))


def _send(task: str, args: tuple[object, ...]) -> None:
    if not broker.may_try():
        return
    pool = producers[current_app.connection_for_write(transport_options=HASTE)]
    try:
        with pool.acquire(block=True, timeout=0.5) as producer:
            current_app.send_task(task, args=args, retry=False, producer=producer)
    except (KombuError, RedisError, OSError) as error:
        broker.failed()
        log.warning("broker_unreachable", task=task, error=str(error))
    else:
        broker.succeeded()
