#!/usr/bin/env python
"""Django's command line. Commands that need servers find or start the embedded ones."""

import os
import re
import sys
import warnings
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
    for path in ROOT.glob(f"*/management/commands/{name}.py"):
        if re.search(r"^    requires_servers\b.*= False$", path.read_text(), re.MULTILINE):
            return False
    return True


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
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
