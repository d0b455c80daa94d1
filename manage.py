#!/usr/bin/env python
"""Django's command line. Commands that need servers find or start the embedded ones."""

import os
import re
import sys
import warnings
from importlib import import_module
from pathlib import Path

from django.core.management import execute_from_command_line

from config import embedded

ROOT = Path(__file__).resolve().parent
# Django's and other packages' commands that only work on files. One of our own says
# `requires_servers = False` in its class.
FILE_COMMANDS = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
    "startapp",
    "startproject",
    "version",
}


def requires_servers(arguments: list[str]) -> bool:
    """Whether this command line needs PostgreSQL or Valkey; tells it from names, without Django."""
    name = arguments[0] if arguments else "help"
    if name.startswith("-") or {"--help", "-h", "--version"} & set(arguments):
        return False
    if name == "check" and any(word.startswith("--database") for word in arguments):
        return True
    if name in FILE_COMMANDS:
        return False
    return not _says(name, "requires_servers")


def _says(name: str, word: str) -> list[Path]:
    """Where the class of a command of ours says `word = False`."""
    says_no = re.compile(rf"^    {word}\b.*= False$", re.MULTILINE)
    paths = ROOT.glob(f"*/management/commands/{name}.py")
    return [path for path in paths if says_no.search(path.read_text())]


def run_without_apps(arguments: list[str]) -> bool:
    """Run a command that says `requires_apps = False`: one that computes from files needs neither
    rows nor pages, and starts four times as fast. Whether it was one."""
    for path in _says(arguments[0], "requires_apps") if arguments else []:
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        module.Command().run_from_argv(sys.argv)
        return True
    return False


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if run_without_apps(sys.argv[1:]):
        return
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        execute_from_command_line(sys.argv)
        return
    state = embedded.use_local_environment()
    if not requires_servers(sys.argv[1:]):
        # makemigrations would like to compare with the database's history, but can do without.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
        execute_from_command_line(sys.argv)
        return
    try:
        servers = embedded.join(state)
    except embedded.ServersUnavailable as error:
        sys.exit(f"manage.py: {error}")
    try:
        execute_from_command_line(sys.argv)
    finally:
        servers.leave()


if __name__ == "__main__":
    main()
