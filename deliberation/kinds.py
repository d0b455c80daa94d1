"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PositionValue(models.TextChoices):
    AGREE = "agree", _("Agree")
    MIXED = "mixed", _("Mixed")
    DISAGREE = "disagree", _("Disagree")


class Stance(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    NEUTRAL = "neutral", _("Neutral")


class SourceCategory(models.TextChoices):
    ARTICLE = "article", _("Press article")
    BLOG = "blog", _("Blog post")
    BOOK = "book", _("Book")
    LAW = "law", _("Law or regulation")
    STUDY = "study", _("Study or report")
    SITE = "site", _("Website")
    MEDIA = "media", _("Audio or video")
    OTHER = "other", _("Other")


MAX_DEPTH = 2  # a comment is at depth 0; a reply at 1; a reply to a reply at 2
