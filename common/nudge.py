"""Telling Celery that there is work now, without ever depending on it.

The work itself is a row, and a sweep finds it by schedule; a nudge only makes it happen sooner.
So a broker that is away must cost a request nothing: failures are logged and forgotten, and
after one the broker is left alone for a few seconds.
"""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

from common.breaker import Breaker

PAUSE = 10.0  # seconds during which a broker that failed is not tried again
# Workers may wait for the broker; a request may not. In seconds.
HASTE = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
log = structlog.get_logger(__name__)


broker = Breaker(PAUSE)


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
