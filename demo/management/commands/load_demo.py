"""Loads the demonstration, once."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import accounts
from demo.loading import load


class Command(BaseCommand):
    help = "Load the demonstration (once) and name its accounts: e-mail, password, role."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--accounts", action="store_true", help="only print the accounts, one a line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "This is not a demonstration: its accounts have passwords that everybody knows. "
                "Set KENES_DEMO=1 where nobody else's data is."
            )
        if not options["accounts"] and not load():
            self.stdout.write("The demonstration is loaded already.")
        for account in accounts():
            self.stdout.write(str(account))
