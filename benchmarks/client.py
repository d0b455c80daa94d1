"""A browser that only measures: `python -m benchmarks.client` reads a job and writes what it saw.

A process of its own, so that its work is not counted. Keeps connections alive; 127.0.0.1 only.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import cycle

from benchmarks.accounting import percentile
from config.embedded import ROOT

PATIENCE = 30.0  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Job:
    """For each connection the requests that it sends in turn, for so many seconds.

    Longer, up to five times, where there were fewer than `least` answers till then.
    """

    port: int
    seconds: float
    connections: list[list[str]]
    expected: int
    least: int = 0


@dataclass(slots=True)
class Seen:
    """What came back. Times in milliseconds; `wrong` counts answers that were not expected."""

    requests: int = 0
    seconds: float = 0.0
    wrong: dict[str, int] = field(default_factory=dict)
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    bytes: int = 0
    queries: int = -1

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def errors(self) -> int:
        return sum(self.wrong.values())


def run(job: Job) -> Seen:
    """Do the job in another process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        cwd=ROOT,
        input=json.dumps(asdict(job)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=5 * job.seconds + 2 * PATIENCE,
    )
    return Seen(**json.loads(done.stdout))


class _Connection:
    """One keep-alive connection, opened again when it was lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, int, int]:
        """(status, bytes, queries or -1) of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(_header(head, b"content-length", b"0"))
        if length:
            await reader.readexactly(length)
        if b"\r\nconnection: close" in head:
            self.close()
        return int(head[9:12]), length, int(_header(head, b"x-queries", b"-1"))

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _header(head: bytes, name: bytes, default: bytes) -> bytes:
    _, found, rest = head.partition(b"\r\n" + name + b": ")
    return rest.partition(b"\r\n")[0] if found else default


async def _drive(job: Job) -> Seen:
    seen, wrong, times = Seen(), Counter[str](), list[float]()
    started = time.perf_counter()
    end, last = started + job.seconds, started + 5 * job.seconds

    async def one(requests: list[str]) -> None:
        connection = _Connection(job.port)
        for text in cycle([text.encode() for text in requests]):
            before = time.perf_counter()
            if before >= end and (len(times) >= job.least or before >= last):
                break
            try:
                answer = await asyncio.wait_for(connection.ask(text), PATIENCE)
            except (OSError, EOFError, TimeoutError) as error:
                wrong[type(error).__name__] += 1
                connection.close()
                await asyncio.sleep(0.05)
                continue
            times.append(time.perf_counter() - before)
            status, seen.bytes, seen.queries = answer
            if status != job.expected:
                wrong[str(status)] += 1
        connection.close()

    await asyncio.gather(*(one(requests) for requests in job.connections))
    seen.seconds = time.perf_counter() - started
    times.sort()
    seen.requests, seen.wrong = len(times), dict(wrong)
    seen.p50, seen.p95, seen.p99 = (1000 * percentile(times, s) for s in (0.5, 0.95, 0.99))
    return seen


def request(method: str, path: str, *, cookie: str = "", body: str = "", headers: str = "") -> str:
    """A request as it goes over the wire; a body is that of a form unless headers say otherwise."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip, br"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if headers:
        lines.append(headers)
    if body:
        if "Content-Type:" not in headers:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(body.encode())}")
    return "\r\n".join([*lines, "", body])


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_drive(Job(**json.load(sys.stdin)))))))
