"""Rows that tests need in numbers and that no action makes one by one."""

import itertools
from typing import Any

from accounts.actions import place_area, register_person
from accounts.models import Area, Organisation, User

_numbers = itertools.count(1)


def person(name: str = "", *, password: str | None = None, **fields: Any) -> User:
    """A person with a confirmed address. Without a password nobody can sign in by the form."""
    name = name or f"Person {next(_numbers)}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    return register_person(email=email, password=password, name=name, **fields)


def area(slug: str, *, parent: Area | None = None) -> Area:
    return place_area(Area.objects.create(name={"en": slug.title()}, slug=slug, parent=parent))


def organisation(slug: str, *, area: Area | None = None) -> Organisation:
    name = {"en": f"{slug.title()} council", "fr": f"Conseil de {slug.title()}"}
    return Organisation.objects.create(name=name, slug=slug, area=area)
