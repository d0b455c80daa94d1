"""A cache that is never in the way.

It only saves work. When Valkey is down or slow, reading finds nothing and writing does nothing,
within a fifth of a second at most, and for a few seconds afterwards it is not even asked.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

SOCKET_TIMEOUT = 0.2  # seconds
PAUSE = 5.0  # seconds during which a server that failed is not asked again

_log = logging.getLogger("kenes.cache")


class Breaker:
    """Remembers, for all threads of a process, until when a server is left alone."""

    def __init__(self) -> None:
        self._asleep_until = 0.0

    def may_ask(self) -> bool:
        """Whether to ask. After a pause one thread is let through, the others wait for its news."""
        if not self._asleep_until:
            return True
        if time.monotonic() < self._asleep_until:
            return False
        self._asleep_until = time.monotonic() + PAUSE
        return True

    def failed(self, error: Exception) -> None:
        if not self._asleep_until:
            _log.warning("The cache does not answer and is left alone for a while: %s", error)
        self._asleep_until = time.monotonic() + PAUSE

    def answered(self) -> None:
        if self._asleep_until:
            self._asleep_until = 0.0
            _log.info("The cache answers again.")


_breakers: dict[str, Breaker] = {}


class FailOpenRedisCache(RedisCache):
    """Django's Redis cache that raises no error of the server or the network.

    While the server is away `get` returns the default, `add` says yes (so that a lock never shuts
    anyone out), `incr` counts from nothing, and the other writes do nothing.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]):
        options = {
            "socket_timeout": SOCKET_TIMEOUT,
            "socket_connect_timeout": SOCKET_TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})
        self._breaker = _breakers.setdefault(str(server), Breaker())

    def _ask(self, fallback: Any, command: Callable[..., Any], *args: Any) -> Any:
        if not self._breaker.may_ask():
            return fallback
        try:
            answer = command(*args)
        except RedisError as error:
            self._breaker.failed(error)
            return fallback
        self._breaker.answered()
        return answer

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):  # type: ignore[no-untyped-def]
        return self._ask(True, super().add, key, value, timeout, version)

    def get(self, key, default=None, version=None):  # type: ignore[no-untyped-def]
        return self._ask(default, super().get, key, default, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):  # type: ignore[no-untyped-def]
        self._ask(None, super().set, key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):  # type: ignore[no-untyped-def]
        return self._ask(False, super().touch, key, timeout, version)

    def delete(self, key, version=None):  # type: ignore[no-untyped-def]
        return self._ask(False, super().delete, key, version)

    def get_many(self, keys, version=None):  # type: ignore[no-untyped-def]
        return self._ask({}, super().get_many, keys, version)

    def has_key(self, key, version=None):  # type: ignore[no-untyped-def]
        return self._ask(False, super().has_key, key, version)

    def incr(self, key, delta=1, version=None):  # type: ignore[no-untyped-def]
        return self._ask(delta, super().incr, key, delta, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):  # type: ignore[no-untyped-def]
        return self._ask([], super().set_many, data, timeout, version)

    def delete_many(self, keys, version=None):  # type: ignore[no-untyped-def]
        self._ask(None, super().delete_many, keys, version)

    def clear(self):  # type: ignore[no-untyped-def]
        return self._ask(False, super().clear)
