"""People, public bodies and areas as the API shows them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.kinds import Role, VerificationLevel
from accounts.models import Area, Organisation, User
from common.texts import localized


class TextsField(serializers.DictField):
    """A text in all its languages: {"en": "…", "fr": "…"}."""

    child = serializers.CharField(allow_blank=True)


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody as everyone sees them."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    is_official = serializers.BooleanField(help_text="belongs to the public body that asks")


class OrganisationSerializer(serializers.Serializer[Any]):
    """A public body."""

    slug = serializers.CharField()
    name = serializers.CharField(help_text="in the language of the answer, or the next best")
    names = TextsField()


class AreaSerializer(serializers.Serializer[Any]):
    """A place in a tree of places."""

    slug = serializers.CharField()
    name = serializers.CharField(help_text="in the language of the answer, or the next best")
    names = TextsField()


class AreaInTreeSerializer(AreaSerializer):
    parent = serializers.CharField(allow_null=True, help_text="slug of the area that it lies in")


class RoleSerializer(serializers.Serializer[Any]):
    organisation = serializers.CharField(help_text="slug")
    role = serializers.ChoiceField(Role.choices)


class MeSerializer(serializers.Serializer[Any]):
    """The person who asks."""

    id = serializers.IntegerField()
    email = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    joined_at = serializers.DateTimeField()
    is_moderator = serializers.BooleanField()
    roles = RoleSerializer(many=True)
    verified = serializers.ListField(
        child=serializers.ChoiceField(VerificationLevel.choices), help_text="what was checked"
    )


def person_row(
    pk: int, name: str, closed_at: datetime | None, *, is_official: bool = False
) -> dict[str, Any]:
    """A person by id, name and the moment at which the account was closed."""
    if closed_at is not None:
        name = _("Former participant")
    elif not name:
        name = _("Participant %(number)s") % {"number": pk}
    return {"id": pk, "name": name, "is_official": is_official}


def organisation_row(organisation: Organisation) -> dict[str, Any]:
    return {
        "slug": organisation.slug,
        "name": localized(organisation.name).text,
        "names": organisation.name,
    }


def area_row(area: Area | None) -> dict[str, Any] | None:
    if area is None:
        return None
    return {"slug": area.slug, "name": localized(area.name).text, "names": area.name}


def area_in_tree_row(area: Area) -> dict[str, Any]:
    """With the slug of what it lies in, annotated as `parent_slug`."""
    return {**(area_row(area) or {}), "parent": area.parent_slug}  # type: ignore[attr-defined]


def me_row(user: User, slugs: dict[int, str]) -> dict[str, Any]:
    """`slugs` names the public bodies of the person's roles: {id: slug}."""
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "joined_at": user.joined_at,
        "is_moderator": user.is_moderator,
        "roles": [
            {"organisation": slugs[pk], "role": role}
            for pk, role in user.roles.items()
            if pk in slugs
        ],
        "verified": sorted(user.verified_areas),
    }
