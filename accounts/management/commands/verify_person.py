"""manage.py verify_person EMAIL [--area SLUG]: record what was checked outside this site."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import verify_person
from accounts.kinds import VerificationLevel
from accounts.models import Area, User


class Command(BaseCommand):
    help = "Record that somebody checked who a person is and, with --area, where the person lives."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--area", help="slug of the area in which the person lives")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"There is no person with the address {options['email']}.")
        verify_person(None, person=person, level=VerificationLevel.IDENTITY)
        if options["area"]:
            area = Area.objects.filter(slug=options["area"]).first()
            if area is None:
                raise CommandError(f"There is no area {options['area']}.")
            verify_person(None, person=person, level=VerificationLevel.RESIDENCE, area=area)
        self.stdout.write(f"{person.email} is verified.")
