"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do for the public body: an owner everything, an editor publish, an
    answerer answer."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    ANSWERER = "answerer", _("Answerer")


class VerificationLevel(models.TextChoices):
    IDENTITY = "identity", _("Identity checked")
    RESIDENCE = "residence", _("Residence checked")
