"""What a person told about themselves once, kept only with permission."""

from collections.abc import Mapping

from django.db.models.functions import Now

from accounts.models import Profile, User


def keep_profile(actor: User, *, answers: Mapping[str, str]) -> None:
    """Keep these answers about oneself, to be used again. What is not named here stays. Two queries."""
    known = kept_profile(actor) or {}
    Profile.objects.bulk_create(
        [Profile(user_id=actor.pk, answers={**known, **answers}, reusable_at=Now(), changed_at=Now())],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["answers", "reusable_at", "changed_at"],
    )  # fmt: skip


def kept_profile(person: User) -> dict[str, str] | None:
    """What may be used again, or None. One query."""
    rows = Profile.objects.filter(user=person.pk, reusable_at__isnull=False)
    answers: dict[str, str] | None = rows.values_list("answers", flat=True).first()
    return answers


def forget_profile(actor: User) -> None:
    """Delete it. Repeating it changes nothing."""
    Profile.objects.filter(user=actor.pk).delete()
