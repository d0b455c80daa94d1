"""Looking at processes from outside, by what /proc says."""

import time
from collections.abc import Callable
from pathlib import Path


def mentioning(text: str) -> list[int]:
    """Ids of living processes whose command line contains a text; zombies do not count."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if text.encode() in command:
                found.append(int(folder.name))
    return found


def status(pid: int) -> dict[str, list[str]]:
    """The fields of /proc/PID/status, each as its words."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}


def wait_until(condition: Callable[[], bool], patience: float = 30.0) -> bool:
    """Whether a condition became true in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
