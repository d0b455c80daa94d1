"""A cache that is never in the way.

It only saves work. When Valkey is down or slow, reading finds nothing and writing does nothing,
within a fifth of a second at most, and for a few seconds afterwards it is not even asked.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from common.breaker import Breaker

SOCKET_TIMEOUT = 0.2  # seconds
PAUSE = 5.0  # seconds during which a server that failed is not asked again

_log = logging.getLogger("kenes.cache")


class _Client(RedisCacheClient):
    """Keeps one client for each server. Django makes one per call, a third of what a call costs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        index = self._get_connection_pool_index(write)  # type: ignore[attr-defined]
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]


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
        self._class = _Client
        self._breaker = _breakers.setdefault(str(server), Breaker(PAUSE))

    def _ask(self, fallback: Any, command: Callable[..., Any], *args: Any) -> Any:
        if not self._breaker.may_try():
            return fallback
        try:
            answer = command(*args)
        except RedisError as error:
            if self._breaker.failed():
                _log.warning("The cache does not answer and is left alone for a while: %s", error)
            return fallback
        if self._breaker.succeeded():
            _log.info("The cache answers again.")
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
