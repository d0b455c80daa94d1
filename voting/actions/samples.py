"""Who is wanted and who there is: quotas, and the margins that results are weighted to."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.verdicts import Refused, no, require
from voting.actions.questions import build_questionnaire
from voting.models import Poll, Quota
from voting.permissions import may_edit_poll, may_run_poll
from voting.questionnaire.definition import Question, Questionnaire

Cell = Mapping[str, str]
SLACK = Decimal("0.001")  # margins are printed rounded


def asked_about(poll: Poll) -> list[Question]:
    """The questions about the person, from what is frozen or, before, from what is written."""
    asked = poll.questionnaire if poll.definition else build_questionnaire(poll)
    return [question for question in asked.questions() if question.demographic]


@transaction.atomic
def set_quotas(actor: Any, *, poll: Poll, quotas: Iterable[tuple[Cell, int]]) -> list[Quota]:
    """Replace the quotas of a poll that has not opened: (cell, how many answers are wanted) each.

    A cell is {demographic: value}; see `voting.actions.quotas.is_in_cell`.
    """
    require(may_edit_poll(actor, poll))
    if poll.is_secret:
        raise Refused(no("quota_in_secret", _("A secret poll cannot have quotas."), 409))
    known = {question.demographic for question in asked_about(poll)}
    rows: dict[tuple[tuple[str, str], ...], Quota] = {}
    for cell, target in quotas:
        _check_cell(cell, known)
        if not 0 < target <= 10_000_000:
            raise Refused(no("target_unfit", _("Say how many answers are wanted."), 400))
        rows[tuple(sorted(cell.items()))] = Quota(poll=poll, cell=dict(cell), target=target)
    Quota.objects.filter(poll=poll).delete()
    return Quota.objects.bulk_create(rows.values())


def _check_cell(cell: Cell, known: set[str]) -> None:
    if not cell:
        raise Refused(no("cell_empty", _("Say which people a quota is for."), 400))
    for name, value in cell.items():
        if name not in known:
            message = _("The questionnaire does not ask for what a quota needs.")
            raise Refused(no("cell_unknown", message, 400))
        if not value.strip():
            raise Refused(no("cell_empty", _("Say which people a quota is for."), 400))


@transaction.atomic
def set_margins(actor: Any, *, poll: Poll, margins: Mapping[str, Mapping[str, str]]) -> Poll:
    """What is known about the population: {question about the person: {category: share of 1}}.

    May be set until the poll is counted, for nobody has seen a result by then in a sealed poll. Each
    question's shares must sum up to one; all of its options must have one.
    """
    require(may_run_poll(actor, poll))
    if poll.counted_at is not None:
        raise Refused(no("counted", _("It is counted. Weights cannot change any more."), 409))
    asked = poll.questionnaire if poll.definition else build_questionnaire(poll)
    poll.margins = {key: _shares(asked, key, targets) for key, targets in margins.items()}
    poll.save(update_fields=["margins"])
    return poll


def _shares(asked: Questionnaire, key: str, targets: Mapping[str, str]) -> dict[str, str]:
    try:
        question = asked.question(key)
    except KeyError:
        message = _("The questionnaire does not ask this.")
        raise Refused(no("margin_unknown", message, 400)) from None
    shares = {category: _share(text) for category, text in targets.items()}
    if not question.demographic or set(shares) != set(question.option_keys()) or not shares:
        message = _("Give a share for each answer to “%(question)s”.") % {"question": key}
        raise Refused(no("margin_incomplete", message, 400))
    if abs(sum(shares.values(), Decimal(0)) - 1) > SLACK:
        message = _("The shares for “%(question)s” must sum up to 100 %%.") % {"question": key}
        raise Refused(no("margin_not_whole", message, 400))
    return {category: str(share) for category, share in shares.items()}


def _share(text: str) -> Decimal:
    try:
        share = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        raise Refused(no("share_unfit", _("A share is a number from 0 to 100 %."), 400))
    return share
