"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.kinds import HIDING_RULES


class Rule(models.TextChoices):
    """Why something was hidden; the public sees it on the tombstone."""

    INSULT = "insult", _("Insult or threat")
    HATE = "hate", _("Hatred or discrimination")
    PRIVACY = "privacy", _("Somebody’s private data")
    UNLAWFUL = "unlawful", _("Against the law")
    ADVERTISING = "advertising", _("Advertising or spam")
    OFF_TOPIC = "off_topic", _("Not about the subject")
    DUPLICATE = "duplicate", _("Posted several times")


class DecisionKind(models.TextChoices):
    HIDE = "hide", _("Hide")
    RESTORE = "restore", _("Restore")


def register() -> None:
    """Tell the frame below the words of the rules, for tombstones and notices."""
    HIDING_RULES.update((rule.value, rule.label) for rule in Rule)
