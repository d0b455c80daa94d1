"""Tables as plain text, which are also Markdown."""

import os
import platform
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psutil

from benchmarks.accounting import median

if TYPE_CHECKING:
    from benchmarks.measure import Figures

GROWTH = 0.2  # of a page's processor time, at most
_HEADINGS = (
    "what",
    "connections",
    "requests/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "errors",
    "queries",
    "CPU ms",
    "of it web",
    "bare views",
    "goal",
)


def say(text: str) -> None:
    print(text, flush=True)


def quiet() -> StringIO:
    """Somewhere for a command to write to that nobody reads."""
    return StringIO()


def head(folder: Path, *, is_real: bool) -> None:
    """What is measured, and on what."""
    kind = "published files of 2015" if is_real else "made-up files of the same shape"
    memory = psutil.virtual_memory().total / 2**30
    say(f"# Kenes, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    say(
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, Django {django.__version__}"
    )
    say(f"Data: {kind} ({folder.name})\n")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(figures: "list[Figures]", times: int, memory: list[float]) -> None:
    """One table for each number of connections."""
    amount = "The data as it is" if times == 1 else f"{times} times as much data"
    for connections in sorted({row.connections for row in figures}):
        rows = [row for row in figures if row.connections == connections]
        say(f"\n## {amount}, {connections} connection{'s' if connections > 1 else ''}\n")
        rule([_cells(row) for row in rows], _HEADINGS)
    workers = ", ".join(f"{megabytes:.0f}" for megabytes in memory)
    say(f"\nMemory of each web worker: {workers} MB.")


def rule(rows: list[list[str]], headings: tuple[str, ...]) -> None:
    """A table with columns as wide as their widest cell; numbers at the right."""
    widths = [max(len(row[i]) for row in [list(headings), *rows]) for i in range(len(headings))]
    lines = [list(headings), ["-" * width for width in widths], *rows]
    for line in lines:
        first, *others = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        say("| " + " | ".join([first, *others]) + " |")


def _cells(row: "Figures") -> list[str]:
    ratio = row.ratio if row.ratios else 1.0
    goal, most = row.scenario.goal, row.scenario.queries
    many = most is not None and row.queries > most
    return [
        row.scenario.name,
        str(row.connections),
        *(f"{median(seen.per_second for seen in row.seen):.0f}",),
        *(f"{median(getattr(seen, p) for seen in row.seen):.1f}" for p in ("p50", "p95", "p99")),
        str(sum(seen.errors for seen in row.seen)),
        f"{row.queries}{f' (over {most})' if many else ''}",
        f"{row.cpu:.2f}",
        f"{median(row.web):.2f}",
        f"{ratio:.1f}",
        "" if goal is None else f"≤ {goal:g}" if ratio <= goal else f"≤ {goal:g} MISSED",
    ]


def growth(once: "list[Figures]", more: "list[Figures]", times: int) -> None:
    """What so many times the data adds to a request, in bare views."""
    say(f"\n## What {times} times the data adds to a request\n")
    rows: list[list[str]] = []
    for before, after in zip(once, more, strict=True):
        if before.ratios and before.connections == 1:
            change = after.ratio / before.ratio - 1
            cells = [f"{before.ratio:.2f}", f"{after.ratio:.2f}", f"{change:+.0%}"]
            rows.append([before.scenario.name, *cells, "" if change < GROWTH else "MISSED"])
    rule(rows, ("what", "bare views before", "after", "change", f"< {GROWTH:+.0%}"))
    sys.stdout.flush()
