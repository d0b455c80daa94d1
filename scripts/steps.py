"""Steps of a set-up: each says what it does, how long it took, and what went wrong."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# An exception instead of a sudden end, so that subprocess takes its child along.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    began = time.monotonic()
    print(f"  {what} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> None:
    """Run a program silently. Ends this process with the program's output if it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        print(flush=True)
        sys.stdout.write(done.stdout.decode(errors="replace"))
        sys.exit(f"failed: {' '.join(str(word) for word in command)}")
