"""manage.py retry_letters: send again what the mail server refused for good."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.deliveries import retry_failed


class Command(BaseCommand):
    help = (
        "Let every mail that failed be tried again, for example after the mail server was repaired."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(str(retry_failed()))
