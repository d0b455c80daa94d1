"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.TextChoices):
    ADOPTED = "adopted", _("Adopted")
    ADOPTED_IN_PART = "adopted_in_part", _("Adopted in part")
    ALREADY_COVERED = "already_covered", _("Already covered")
    REFUSED = "refused", _("Refused")


class RuleKind(models.TextChoices):
    """The rule of 2015: the N most supported, or all above a threshold."""

    TOP = "top", _("The most supported contributions")
    THRESHOLD = "threshold", _("All contributions with at least so much support")
