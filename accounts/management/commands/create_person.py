"""manage.py create_person EMAIL: an account whose address an operator vouches for."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.actions import grant_role, register_person
from accounts.kinds import Role
from accounts.models import Organisation
from common.verdicts import Refused


class Command(BaseCommand):
    help = "Create a person with a confirmed address. Prints the password if it made one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--language", default="en")
        parser.add_argument("--password", help="one is made and printed if this is left out")
        parser.add_argument("--organisation", help="slug of a public body")
        parser.add_argument("--role", choices=Role.values, help="role in that body")
        parser.add_argument("--moderator", action="store_true")
        parser.add_argument("--administrator", action="store_true", help="may do everything")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["organisation"]) != bool(options["role"]):
            raise CommandError("--organisation and --role go together.")
        password = options["password"] or secrets.token_urlsafe(12)
        try:
            person = register_person(
                email=options["email"],
                password=password,
                name=options["name"],
                language=options["language"],
                moderates_at=timezone.now() if options["moderator"] else None,
                is_staff=options["administrator"],
                is_superuser=options["administrator"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal.verdict.message)) from None
        if options["organisation"]:
            body = Organisation.objects.filter(slug=options["organisation"]).first()
            if body is None:
                raise CommandError(f"There is no public body {options['organisation']}.")
            grant_role(None, person=person, organisation=body, role=options["role"])
        self.stdout.write(person.email if options["password"] else password)
