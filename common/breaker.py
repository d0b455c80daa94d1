"""Leaving a server alone for a while after it failed."""

import threading
import time


class Breaker:
    """Lets everyone try until one fails, then nobody for `pause` seconds, then one at a time.

    One for all threads of a process.
    """

    def __init__(self, pause: float) -> None:
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

    def failed(self) -> bool:
        """Note a failure. Returns whether it is news."""
        with self._lock:
            was_suspect = self._is_suspect
            self._is_suspect = True
            self._open_until = time.monotonic() + self.pause
            return not was_suspect

    def succeeded(self) -> bool:
        """Note an answer. Returns whether it is news."""
        with self._lock:
            was_suspect = self._is_suspect
            self._is_suspect = False
            self._open_until = 0.0
            return was_suspect
