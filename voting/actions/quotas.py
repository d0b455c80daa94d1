"""Full cells: how many answers of one kind of people are wanted."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from common.verdicts import Refused, no
from voting.models import Poll, Quota

FULL = "quota_full"


def demographics(poll: Poll, answers: Mapping[str, Any]) -> dict[str, str]:
    """What answers say about the person: {"sex": option key, "age": years or option key, …}."""
    said = {}
    for question in poll.questionnaire.questions():
        value = answers.get(question.key)
        if question.demographic and isinstance(value, Mapping):
            said[question.demographic] = str(value.get("option") or value.get("number") or "")
    return said


def is_in_cell(cell: Mapping[str, str], said: Mapping[str, str]) -> bool:
    """Whether somebody belongs to a cell. A cell of ages such as "18-29" also takes the years."""
    return all(_matches(str(wanted), said.get(name, "")) for name, wanted in cell.items())


def _matches(wanted: str, said: str) -> bool:
    if wanted == said:
        return True
    first, dash, last = wanted.partition("-")
    if not (dash and said.isascii() and said.isdigit() and first.isdigit()):
        return False
    return int(first) <= int(said) and (not last or (last.isdigit() and int(said) <= int(last)))


def _cells(poll: Poll, answers: Mapping[str, Any]) -> list[Quota]:
    if not poll.asks_quotas:
        return []
    said = demographics(poll, answers)
    rows = Quota.objects.filter(poll=poll).order_by("pk")
    return [quota for quota in rows if is_in_cell(quota.cell, said)]


def claim_quotas(poll: Poll, answers: Mapping[str, Any]) -> None:
    """Take one place in every cell the person belongs to. Raises Refused when one is full."""
    for quota in _cells(poll, answers):
        claimed = Quota.objects.filter(pk=quota.pk, count__lt=F("target")).update(
            count=F("count") + 1
        )
        if not claimed:
            message = _(
                "Thank you for your time. Enough people like you have answered already, "
                "and more answers would not make the picture truer."
            )
            raise Refused(no(FULL, message, 409))


def release_quotas(poll: Poll, answers: Mapping[str, Any]) -> None:
    """Give the places back that an answer took which does not count any more."""
    ids = [quota.pk for quota in _cells(poll, answers)]
    if ids:
        Quota.objects.filter(pk__in=ids, count__gt=0).update(count=F("count") - 1)
