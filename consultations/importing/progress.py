"""A bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 30  # characters of the bar
PAUSE = 0.1  # seconds between two pictures of it

Advance = Callable[[int], None]


class Progress:
    """Says what is being done, how far it is and how long it took."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.is_terminal = out.isatty()

    @contextmanager
    def step(self, what: str, total: int) -> Iterator[Advance]:
        """Gives a function to be called with how many more are done."""
        began = drawn = time.monotonic()
        done = 0

        def advance(number: int = 1) -> None:
            nonlocal done, drawn
            done += number
            if self.is_terminal and time.monotonic() - drawn > PAUSE:
                drawn = time.monotonic()
                self._draw(what, done, total)

        if self.is_terminal:
            self._draw(what, 0, total)
        yield advance
        took = time.monotonic() - began
        if self.is_terminal:
            self._draw(what, total, total)
            self.out.write(f"  {took:.1f} s\n")
        else:
            self.out.write(f"{what}: {total:,} in {took:.1f} s\n")
        self.out.flush()

    def _draw(self, what: str, done: int, total: int) -> None:
        share = min(done / total, 1) if total else 1
        filled = round(share * WIDTH)
        bar = "#" * filled + "·" * (WIDTH - filled)
        self.out.write(f"\r{what:<24} [{bar}] {share:4.0%}")
        self.out.flush()
