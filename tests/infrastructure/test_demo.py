"""The supervisor behind `make demo`, from its first line to its last process."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from tests.infrastructure.processes import mentioning, wait_until
from tests.infrastructure.test_manage import run, variables


class Demonstration:
    """A demonstration in a state folder of its own, on a free port."""

    def __init__(self, state: Path) -> None:
        self.state = state
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        self.process = self.start(self.port)

    def start(self, port: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "config.demo", "--port", str(port)],
            cwd=embedded.ROOT,
            env=variables(self.state, KENES_TESTING="true"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_ready(self) -> str:
        """What it printed until it invited us; fails with that if it ended instead."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                return "".join(lines)
        raise AssertionError("".join(lines))

    def processes(self) -> list[int]:
        """Everything that belongs to it: what names its folder, and what has it in its environment."""
        mine = set(mentioning(str(self.state)))
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    words = (folder / "environ").read_bytes().split(b"\0")
                except OSError:
                    continue
                if f"KENES_STATE={self.state}".encode() in words:
                    mine.add(int(folder.name))
        return sorted(mine)

    def end(self, number: signal.Signals) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=60)[0]


@pytest.fixture
def demonstration(short_path: Path) -> Iterator[Demonstration]:
    found = Demonstration(short_path)
    yield found
    if found.process.poll() is None:
        found.end(signal.SIGTERM)


def test_it_serves_and_ends_without_a_trace(demonstration: Demonstration) -> None:
    printed = demonstration.until_ready()
    assert f"Kenes is ready at {demonstration.site}/" in printed
    accounts = re.findall(r"^\S+@\S+ \S+ .+$", printed, re.MULTILINE)
    roles = [line.split(" ", 2)[2] for line in accounts]
    assert len(accounts) >= 5, printed
    assert roles[0].startswith("citizen")
    with urllib.request.urlopen(f"{demonstration.site}/healthz/ready") as answer:
        assert answer.status == 200
    code, output = run(
        demonstration.state,
        "shell",
        "--no-imports",
        "--command",
        "from django.conf import settings; print(settings.SITE_URL)",
    )
    assert (code, output.strip()) == (0, demonstration.site)
    assert len(demonstration.processes()) > 5

    second = demonstration.start(demonstration.port)
    assert f"make demo PORT={demonstration.port + 1}" in second.communicate(timeout=60)[0]
    assert second.returncode != 0

    assert "Everything has ended." in demonstration.end(signal.SIGTERM)
    assert demonstration.process.returncode == 0
    assert demonstration.processes() == []


def test_it_finds_its_data_after_everything_was_killed(demonstration: Demonstration) -> None:
    demonstration.until_ready()
    for pid in demonstration.processes():
        os.kill(pid, signal.SIGKILL)
    demonstration.process.communicate()
    assert wait_until(lambda: demonstration.processes() == [])
    code = "from accounts.models import User; print('people', User.objects.count())"
    _, before = run(demonstration.state, "shell", "--no-imports", "--command", code)
    assert int(before.split()[1]) >= 5, before

    demonstration.process = demonstration.start(demonstration.port)
    demonstration.until_ready()
    _, after = run(demonstration.state, "shell", "--no-imports", "--command", code)
    assert after == before


def test_nothing_survives_a_killed_supervisor(demonstration: Demonstration) -> None:
    demonstration.until_ready()
    demonstration.process.kill()
    demonstration.process.communicate()
    assert wait_until(lambda: demonstration.processes() == [])
