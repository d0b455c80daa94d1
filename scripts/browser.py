"""Find Chromium for the browser tests, or install it with the system's package manager."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """The path of a Chromium: the one KENES_CHROMIUM names, or the system's."""
    named = os.environ.get("KENES_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Debian's package, where there is apt-get and we may use it. Says nothing if it fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("  Installing Chromium ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(
            ["apt-get", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            return


def main() -> None:
    if not find():
        install()
    if not find():
        print("!" * 78, file=sys.stderr)
        print(
            "There is no Chromium here and it cannot be installed: NO BROWSER TEST WILL RUN.",
            file=sys.stderr,
        )
        print("!" * 78, file=sys.stderr)


if __name__ == "__main__":
    main()
