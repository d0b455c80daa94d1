"""The fixed words of this app, and what it adds to the registries of `accounts`."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.kinds import EXPORT_SECTIONS, USER_ANNOTATIONS
from processes.kinds import EntryKind

if TYPE_CHECKING:
    from accounts.models import User


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    SITE = "site", _("On this site")


# The entries whose deliveries are result letters.
LETTERS = (EntryKind.PROJECTS_CHOSEN, EntryKind.RESULTS_PUBLISHED)


def _number_of(rows: Any) -> Coalesce:
    """How many of a queryset's rows are the outer person's, 0 for none."""
    counted = (
        rows.filter(user=OuterRef("pk")).order_by().values("user").annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number")), Value(0))


def unread_count() -> Any:
    """Unread notices and unread letters of the person, as one expression."""
    notices = apps.get_model("notifications", "Notice").objects.filter(read_at__isnull=True)
    letters = apps.get_model("notifications", "Delivery").objects.filter(
        channel=Channel.SITE, read_at__isnull=True
    )
    return _number_of(notices) + _number_of(letters)


def _export(name: str, *fields: str) -> Any:
    def rows(person: "User") -> list[dict[str, Any]]:
        model = apps.get_model("notifications", name)
        return list(model.objects.filter(user=person).order_by("pk").values(*fields))

    return rows


def register() -> None:
    """Tell the people below what the header counts and what an export of one's data holds."""
    USER_ANNOTATIONS["unread_count"] = unread_count
    EXPORT_SECTIONS["notices"] = _export(
        "Notice", "kind", "process_id", "subject_id", "count", "created_at", "read_at"
    )
    EXPORT_SECTIONS["letters"] = _export(
        "Delivery", "entry__kind", "entry__process_id", "channel", "sent_at", "failed_at", "read_at"
    )
    EXPORT_SECTIONS["mail_wishes"] = _export("Subscription", "process_id", "since_at", "ended_at")
    EXPORT_SECTIONS["follows"] = _export("Follow", "subject_id", "subject__title", "since_at")
