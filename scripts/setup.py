"""Prepare .venv from requirements.lock. Run by the system's Python: standard library only.

uv installs the packages, the system's or else one put beside the environment by pip, for it takes
seconds where pip takes most of a minute; pip remains when uv cannot reach its packages.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys

from steps import ROOT, run, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed"
# pip's settings that say where packages are, and what uv calls the same.
INDEXES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def wanted() -> str:
    """What the environment must have been made from."""
    return hashlib.sha256(LOCK.read_bytes() + platform.python_version().encode()).hexdigest()


def is_ready() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted()


def create_environment() -> None:
    """An empty environment with pip. Debian splits that ability off; fetch it where we may."""
    if importlib.util.find_spec("ensurepip") is None:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            sys.exit("\nThis Python cannot create environments; install python3-venv or uv.")
        run(["apt-get", "install", "-y", "-q", "python3-venv"])
    run([sys.executable, "-m", "venv", "--clear", VENV])


def find_uv() -> str | None:
    """The system's uv, or one installed beside the environment; None when pip has to do."""
    found = shutil.which("uv")
    if found:
        return found
    beside = VENV / "bootstrap"
    command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += [
        "--require-hashes",
        "--target",
        beside,
        "-r",
        ROOT / "scripts" / "bootstrap.lock",
    ]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except subprocess.CalledProcessError:
        return None
    return str(beside / "bin" / "uv")


def uv_environment() -> dict[str, str]:
    """Our environment, with pip's sources of packages told to uv.

    Any source will do for any package, as for pip: the hashes say whether it is the right one.
    """
    environment = {"UV_INDEX_STRATEGY": "unsafe-best-match", **os.environ}
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"],
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        target = INDEXES.get(name.rpartition(".")[2])
        if target:
            words = value.strip("'\"").replace("\\n", " ").split()
            separator = "," if target == "UV_FIND_LINKS" else " "
            environment.setdefault(target, separator.join(words))
    return environment


def install(uv: str | None) -> None:
    """Exactly what the lock file says, hashes included."""
    if uv:
        command = [
            uv,
            "pip",
            "sync",
            "-q",
            "--require-hashes",
            "--python",
            PYTHON,
            LOCK,
        ]
        done = subprocess.run(
            [str(word) for word in command],
            env=uv_environment(),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return
        print(
            f"\n    uv could not: {done.stderr.strip()[-500:]}\n    trying pip ...",
            end="",
        )
    run(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "--no-deps",
            "-r",
            LOCK,
        ]
    )


def main() -> None:
    if is_ready():
        return
    if not PYTHON.exists() or not STAMP.exists():
        with step("Creating .venv"):
            create_environment()
    STAMP.unlink(missing_ok=True)
    with step("Finding uv"):
        uv = find_uv()
    with step("Installing packages from requirements.lock"):
        install(uv)
    # So that `.venv/bin/pytest` and friends find the project's own packages.
    for packages in (VENV / "lib").glob("python3*/site-packages"):
        (packages / "kenes.pth").write_text(f"{ROOT}\n")
    STAMP.write_text(wanted())


if __name__ == "__main__":
    main()
