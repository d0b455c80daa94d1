"""What changed in texts, in numbers: what the front page shows of it."""

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import ngettext

from answers.outcomes import counted
from common.ui.words import count
from consultations.models import Change, Section
from processes.kinds import OUTCOMES


def _changed() -> Subquery:
    """Parts of the text that contributions moved."""
    moved = Change.objects.filter(section=OuterRef("pk"), moved_by__isnull=False)
    return counted(Section.objects.filter(Exists(moved), consultation__process=OuterRef("pk")))


def _say_changed(number: int) -> str:
    return ngettext(
        "%(count)s part of the text changed because of them.",
        "%(count)s parts of the text changed because of them.",
        number,
    ) % {"count": count(number)}


def register() -> None:
    """Tell the frame below what to show of texts."""
    OUTCOMES["changed"] = (_changed, _say_changed)
