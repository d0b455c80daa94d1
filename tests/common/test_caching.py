"""The cache while Valkey is there, stopped, frozen and back."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from common.breaker import Breaker
from common.caching import FailOpenRedisCache
from config.embedded import Servers


@pytest.fixture
def servers(durable_servers: Callable[[], Servers]) -> Servers:
    """A Valkey of our own, to be stopped without disturbing other tests."""
    return durable_servers()


@pytest.fixture
def cache(servers: Servers) -> FailOpenRedisCache:
    return FailOpenRedisCache(servers.addresses.redis_url, {"KEY_PREFIX": "test"})


@contextmanager
def frozen(servers: Servers) -> Iterator[None]:
    os.kill(servers.pid("valkey"), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(servers.pid("valkey"), signal.SIGCONT)


def everything(cache: FailOpenRedisCache) -> dict[str, Any]:
    """The answers to all that a cache can be asked."""
    return {
        "get": cache.get("key", "default"),
        "add": cache.add("key", 1),
        "set": cache.set("key", 1),
        "touch": cache.touch("key"),
        "incr": cache.incr("key", 3),
        "decr": cache.decr("key", 2),
        "has_key": cache.has_key("key"),
        "get_many": cache.get_many(["key"]),
        "set_many": cache.set_many({"key": 1}),
        "get_or_set": cache.get_or_set("key", lambda: 7),
        "delete": cache.delete("key"),
        "delete_many": cache.delete_many(["key"]),
        "clear": cache.clear(),
    }


NOTHING = {
    "get": "default",
    "add": True,
    "set": None,
    "touch": False,
    "incr": 3,
    "decr": -2,
    "has_key": False,
    "get_many": {},
    "set_many": [],
    "get_or_set": 7,
    "delete": False,
    "delete_many": None,
    "clear": False,
}


def test_with_a_server_it_is_djangos_cache(cache):
    cache.set("key", {"a": [1]}, 60)
    assert cache.get("key") == {"a": [1]}
    assert not cache.add("key", 2)
    assert cache.add("other", 2)
    assert cache.incr("other", 3) == 5
    assert cache.get_many(["key", "none"]) == {"key": {"a": [1]}}
    assert cache.delete("key")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")


def test_without_a_server_every_answer_is_harmless(servers, cache):
    servers.stop("valkey")
    assert everything(cache) == NOTHING


def test_a_frozen_server_is_waited_for_once_and_then_left_alone(servers, cache, monkeypatch):
    cache.set("key", 1)
    with frozen(servers):
        assert everything(cache) == NOTHING
        assert not cache._breaker.may_try()
    assert cache.get("key") is None, "not asked again before the pause is over"
    monkeypatch.setattr(cache._breaker, "pause", 0.0)
    cache._breaker.failed()
    assert cache.get("key") == 1, "and what was in it is still there"
    assert cache._breaker.may_try()


def test_a_server_that_was_restarted_is_used_again(servers, cache, monkeypatch):
    cache.set("key", 1)
    servers.stop("valkey")
    servers.start("valkey")
    cache.set("key", 2)
    assert cache.get("key") == 2


def test_threads_share_what_is_known_of_a_server(servers, cache):
    servers.stop("valkey")
    cache.get("key")
    other = FailOpenRedisCache(servers.addresses.redis_url, {})
    assert other._breaker is cache._breaker
    assert not other._breaker.may_try()


def test_an_error_of_the_server_is_swallowed_and_one_of_ours_is_not(cache, monkeypatch):
    monkeypatch.setattr(cache, "_breaker", Breaker(0.0))
    cache.set("text", "abc")
    assert cache.incr("text", 4) == 4, "the server refuses to count letters"
    with pytest.raises(TypeError):
        cache.set("key", (n for n in ()))


def test_after_a_pause_one_caller_finds_out_for_all():
    breaker = Breaker(600.0)
    assert breaker.may_try()
    assert breaker.failed()
    assert not breaker.failed(), "it is news only once"
    breaker._open_until = 0.0
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]
    assert breaker.succeeded()
    assert [breaker.may_try() for _ in range(3)] == [True, True, True]
