"""The town, its people and the topics that it cares about."""

from typing import Any

from django.utils import timezone

from accounts.actions import grant_role, register_person, verify_person
from accounts.kinds import Role, VerificationLevel
from accounts.models import Area, Organisation, User
from demo import DOMAIN, TOWN, accounts
from processes.models import Topic

AREA = {"en": "Verlune", "fr": "Verlune", "kk": "Верлюн", "ru": "Верлюн"}
ORGANISATION = {
    "en": "Town of Verlune",
    "fr": "Ville de Verlune",
    "kk": "Верлюн қаласы",
    "ru": "Город Верлюн",
}
TOPICS = {
    "mobility": {"en": "Mobility", "fr": "Mobilité", "kk": "Қозғалыс", "ru": "Транспорт"},
    "trees": {"en": "Trees and parks", "fr": "Arbres et parcs", "kk": "Ағаштар", "ru": "Парки"},
    "noise": {"en": "Noise", "fr": "Bruit", "kk": "Шу", "ru": "Шум"},
}


def is_there() -> bool:
    return Organisation.objects.filter(slug=TOWN).exists()


def found() -> Organisation:
    """The town and its area."""
    area = Area.objects.create(name=AREA, slug=TOWN)
    area.path = f"{area.pk}."
    area.save(update_fields=["path"])
    for slug, name in TOPICS.items():
        Topic.objects.get_or_create(slug=slug, defaults={"name": name})
    return Organisation.objects.create(name=ORGANISATION, slug=TOWN, area=area)


def settle(town: Organisation, rows: list[dict[str, Any]]) -> dict[str, User]:
    """Everyone by key: the five who can sign in, and those who only live here."""
    people: dict[str, User] = {}
    for account in accounts():
        fields: dict[str, Any] = {}
        if account.role == "moderator":
            fields = {"moderates_at": timezone.now()}
        elif account.role == "administrator":
            fields = {"is_staff": True, "is_superuser": True}
        people[account.key] = register_person(
            email=account.email,
            password=account.password,
            name=account.name,
            language=account.language,
            **fields,
        )
    grant_role(None, person=people["official"], organisation=town, role=Role.OWNER)
    for key in ("citizen", "second"):
        verify_person(None, person=people[key], level=VerificationLevel.RESIDENCE, area=town.area)
    for row in rows:
        people[row["key"]] = User.objects.create_user(
            f"{row['key']}@{DOMAIN}", None, name=row["name"], language=row["language"]
        )
    return people
