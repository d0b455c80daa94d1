"""manage.py create_token EMAIL: a bearer token for the API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import create_token
from accounts.models import User
from common.verdicts import Refused


class Command(BaseCommand):
    help = "Create a bearer token for the API. Prints the token alone; nobody can read it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="manage.py", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        person = User.objects.filter(email=email, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no person with the address {email}.")
        try:
            __, plain = create_token(person, name=options["name"])
        except Refused as refusal:
            raise CommandError(str(refusal.verdict.message)) from None
        self.stdout.write(plain)
