"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.kinds import (
    PROCESS_TYPES,
    SUBJECT_TYPES,
    ProcessKind,
    ProcessType,
    SubjectKind,
    SubjectType,
)


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


def _article_path(slug: str, subject_id: int) -> str:
    return f"/consultations/{slug}/articles/{subject_id}/"


def _proposal_path(slug: str, subject_id: int) -> str:
    return f"/consultations/{slug}/proposals/{subject_id}/"


def _draft_path(slug: str, subject_id: int) -> str:
    return f"/consultations/{slug}/draft/#part-{subject_id}"


def _consultation_path(slug: str) -> str:
    return f"/consultations/{slug}/"


def register() -> None:
    """Tell the frame below how this app's subjects and processes are addressed."""
    for kind, path, relation in [
        (SubjectKind.SECTION, _article_path, "section"),
        (SubjectKind.PART, _draft_path, "section"),
        (SubjectKind.AMENDMENT, _proposal_path, "proposal"),
        (SubjectKind.NEW_ARTICLE, _proposal_path, "proposal"),
    ]:
        SUBJECT_TYPES[kind] = SubjectType(kind, kind.label, path, relation)
    kind = ProcessKind.CONSULTATION
    PROCESS_TYPES[kind] = ProcessType(kind, kind.label, _consultation_path)
