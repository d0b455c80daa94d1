"""How often one address may try something. While the cache is away nobody is kept out."""

from django.core.cache import cache

LONGEST_WAIT = 3600  # seconds
FREE_TRIES = 5


def take(name: str, address: str, *, most: int, seconds: int) -> bool:
    """Count one use; whether it is still within `most` in `seconds`."""
    key = f"limit:{name}:{address}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # it ended between the two
        return True


def wait_left(name: str, address: str) -> bool:
    """Whether the address must still wait after too many failures."""
    return cache.get(f"wait:{name}:{address}") is not None


def note_failure(name: str, address: str) -> None:
    """After five failures each makes the next try wait, twice as long as the one before."""
    key = f"failed:{name}:{address}"
    number = 1 if cache.add(key, 1, LONGEST_WAIT) else _next(key)
    if number >= FREE_TRIES:
        seconds = min(LONGEST_WAIT, 2 ** (number - FREE_TRIES + 1))
        cache.set(f"wait:{name}:{address}", 1, seconds)


def _next(key: str) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1
