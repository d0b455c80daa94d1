"""Answers in numbers, and the moments when they are due: what the frame below shows of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Func, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.kinds import Decision
from answers.models import Answer, Promise
from common.ui.words import count
from processes.kinds import CALENDAR, OUTCOMES, Due, process_path

ADOPTED = (Decision.ADOPTED, Decision.ADOPTED_IN_PART)


def counted(rows: QuerySet[Any]) -> Subquery:
    """How many rows there are, as an expression."""
    number = Func(F("pk"), function="COUNT")
    return Subquery(rows.order_by().annotate(number=number).values("number"))


def _answered() -> Subquery:
    return counted(Answer.objects.filter(subject__process=OuterRef("pk")))


def _adopted() -> Subquery:
    return counted(Answer.objects.filter(subject__process=OuterRef("pk"), decision__in=ADOPTED))


def _say_answered(number: int) -> str:
    return ngettext(
        "%(count)s contribution was answered.", "%(count)s contributions were answered.", number
    ) % {"count": count(number)}


def _say_adopted(number: int) -> str:
    return ngettext(
        "%(count)s was adopted, in whole or in part.",
        "%(count)s were adopted, in whole or in part.",
        number,
    ) % {"count": count(number)}


def _due(since: datetime, until: datetime) -> Iterable[Due]:
    promises = Promise.objects.filter(
        due_at__gte=since, due_at__lt=until, process__published_at__isnull=False
    ).select_related("process__organisation")
    return [
        Due(row.due_at, _("Answers are due"), row.process, f"{process_path(row.process)}answers/")
        for row in promises
    ]


def register() -> None:
    """Tell the frame below what to show of answers."""
    OUTCOMES["answered"] = (_answered, _say_answered)
    OUTCOMES["adopted"] = (_adopted, _say_adopted)
    CALENDAR.append(_due)
