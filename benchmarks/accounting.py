"""Processor time and memory of the measured processes, as the kernel accounts for them."""

from collections.abc import Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time since the processes began, user and system together."""

    web: float
    database: float
    cache: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.web - other.web, self.database - other.database, self.cache - other.cache)

    @property
    def all(self) -> float:
        return self.web + self.database + self.cache


@dataclass(frozen=True, slots=True)
class Watched:
    """The first process of web server, PostgreSQL and Valkey; each with all its descendants."""

    web: int
    database: int
    cache: int

    def spent(self) -> Spent:
        return Spent(*(_seconds(pid) for pid in (self.web, self.database, self.cache)))

    def memory_of_workers(self) -> list[float]:
        """Resident megabytes of each worker of the web server."""
        return [worker.memory_info().rss / 1e6 for worker in psutil.Process(self.web).children()]


def _seconds(pid: int) -> float:
    """Of a process, its living descendants, and those of its children that have ended."""
    first = psutil.Process(pid)
    return sum(_of_one(process) for process in [first, *first.children(recursive=True)])


def _of_one(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def percentile(sorted_values: list[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed. 0 for none."""
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def median(values: Iterable[float]) -> float:
    return percentile(sorted(values), 0.5)
