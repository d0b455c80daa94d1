"""Everything that can be said about the code without running its tests. `make check`."""

import os
import subprocess
import sys
import time
from pathlib import Path

from steps import ROOT

BIN = Path(sys.executable).parent
LOCKS = ("requirements.lock", "scripts/bootstrap.lock", "package-lock.json")
# What a real site would set; no check connects anywhere.
PRODUCTION = {
    "KENES_DEMO": "",
    "KENES_DEBUG": "",
    "KENES_SECRET_KEY": "checked-" + "0123456789abcdef" * 4,
    "KENES_SITE_URL": "https://kenes.example",
    "KENES_ALLOWED_HOSTS": "kenes.example",
    "DATABASE_URL": "postgresql://kenes@localhost/kenes",
    "REDIS_URL": "redis://localhost/0",
}
LOCAL = {"KENES_DEMO": "true"}  # settings can be read without a secret
MANAGE = [sys.executable, "manage.py"]
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--output-format=concise", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", "."],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "types": [str(BIN / "mypy")],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def run(name: str, command: list[str]) -> bool:
    """Run one check; show its output only if it found something."""
    began = time.monotonic()
    print(f"  {name} ...", end="", flush=True)
    environment = {**os.environ, **(PRODUCTION if name == "deployment" else LOCAL)}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    report(began, done.stdout.decode(errors="replace") if done.returncode else "")
    return done.returncode == 0


def check_locks() -> bool:
    """Whether lock files name packages and digests only: no address of any host."""
    began = time.monotonic()
    print("  lock files ...", end="", flush=True)
    found = [
        f"{name}:{number}: names an address"
        for name in LOCKS
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1)
        if "://" in line
    ]
    report(began, "\n".join(found[:20]))
    return not found


def report(began: float, findings: str) -> None:
    word = "FAILED" if findings else "well"
    print(f" {word}, {time.monotonic() - began:.1f} s", flush=True)
    if findings:
        print(findings, flush=True)


def main() -> None:
    results = {name: run(name, command) for name, command in CHECKS.items()}
    results["lock files"] = check_locks()
    failed = [name for name, is_well in results.items() if not is_well]
    if failed:
        sys.exit(f"make check found something in: {', '.join(failed)}")
    print("All checks passed.")


if __name__ == "__main__":
    main()
