"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SectionKind(models.TextChoices):
    PREAMBLE = "preamble", _("Preamble")
    TITLE = "title", _("Title")
    CHAPTER = "chapter", _("Chapter")
    SECTION = "section", _("Section")
    ARTICLE = "article", _("Article")


class ProposalKind(models.TextChoices):
    AMENDMENT = "amendment", _("Amendment")
    NEW_ARTICLE = "new_article", _("New article")


class ChangeKind(models.TextChoices):
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")
    MOVED = "moved", _("Moved")
