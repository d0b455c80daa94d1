"""How many voted, in numbers: what the front page shows of a poll that was counted."""

from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.utils.translation import ngettext

from common.ui.words import count
from processes.kinds import OUTCOMES
from voting.models import Poll


def _voted() -> Subquery:
    """The turnout of the counted polls of a process."""
    counted = Poll.objects.filter(process=OuterRef("pk"), counted_at__isnull=False).order_by()
    total = counted.values("process").annotate(number=Sum("turnout_count")).values("number")
    return Subquery(total, output_field=IntegerField())


def _say_voted(number: int) -> str:
    return ngettext(
        "%(count)s person answered, and the result stands.",
        "%(count)s people answered, and the result stands.",
        number,
    ) % {"count": count(number)}


def register() -> None:
    """Tell the frame below what to show of polls."""
    OUTCOMES["voted"] = (_voted, _say_voted)
