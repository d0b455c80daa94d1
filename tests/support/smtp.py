"""A mail server for tests and measurements: takes every letter, keeps none, notes each.

As a program of its own (`python -m tests.support.smtp PORT FILE [DELAY]`) it costs little beside
what is measured. FILE gets one line "<Message-ID> <recipient>" for each letter, written before the
letter is acknowledged; DELAY is in seconds, between writing and acknowledging. 127.0.0.1 only.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, log: Path, delay: float
) -> None:
    """One session of RFC 5321, as far as a client of ours needs it."""
    recipient = b""
    writer.write(b"220 sink ESMTP\r\n")
    with log.open("ab", buffering=0) as file:
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                found = _MESSAGE_ID.search(body)
                file.write((found[1] if found else b"-") + b" " + recipient + b"\n")
                if delay:
                    await asyncio.sleep(delay)
                writer.write(b"250 taken\r\n")
            elif verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0]
                writer.write(b"250 ok\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
    writer.close()


async def _main(port: int, log: Path, delay: float) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: _serve(reader, writer, log, delay),
        "127.0.0.1",
        port,
        limit=4 * 1024 * 1024,
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


class Sink:
    """A running mail server and what it took."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    def letters(self) -> list[tuple[str, str]]:
        """(Message-ID, recipient) of every letter taken, in order, repetitions included."""
        if not self.log.exists():
            return []
        rows = (line.split(" ", 1) for line in self.log.read_text().splitlines())
        return [(row[0], row[1]) for row in rows]

    def repeated(self) -> dict[str, int]:
        """Message-IDs that came more than once, with how often."""
        counts = Counter(message_id for message_id, _recipient in self.letters())
        return {key: number for key, number in counts.items() if number > 1}

    def wait_for(self, number: int, patience: float = 60.0) -> bool:
        """Whether so many different letters came in time."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if len({row[0] for row in self.letters()}) >= number:
                return True
            time.sleep(0.05)
        return False


@contextmanager
def running(log: Path, *, port: int = 0, delay: float = 0.0) -> Iterator[Sink]:
    """A mail server in a process of its own, for as long as the context lasts."""
    command = [sys.executable, "-m", "tests.support.smtp", str(port), str(log), str(delay)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Sink(int(process.stdout.readline()), log)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
