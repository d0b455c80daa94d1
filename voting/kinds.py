"""The fixed words of this app, and the registries that other kinds of process fill from above."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.kinds import PROCESS_TYPES, ProcessKind, ProcessType
from voting.questionnaire.definition import Questionnaire

if TYPE_CHECKING:
    from voting.models import Poll

# Processes whose first poll has pages below /polls/<slug>/: answering, receipts, ballots, booths. A
# kind that is not "poll" has its own overview at its path, and its results below that at results/.
ON_PAGES = (ProcessKind.POLL, ProcessKind.BUDGET)
# Kind of process -> what its poll asks. Such a poll has no rows of questions.
QUESTIONNAIRES: dict[str, Callable[["Poll"], Questionnaire]] = {}
# Kind of process -> what follows a count, in its transaction. The poll comes with its process.
COUNTED: dict[str, Callable[["Poll"], None]] = {}


class PollKind(models.TextChoices):
    """What a poll is called. It changes words, never rules."""

    POLL = "poll", _("Poll")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire")
    VOTE = "vote", _("Vote")


class Secrecy(models.TextChoices):
    """Who can know what a person answered."""

    NAMED = "named", _("Named: the public body sees who answered what")
    CONFIDENTIAL = "confidential", _("Confidential: the public body sees totals only")
    SECRET = "secret", _("Secret: nothing joins a ballot to a person")


class ResultsPolicy(models.TextChoices):
    """When anybody, staff included, sees a tally."""

    SEALED = "sealed", _("Sealed: nobody sees a result before the end")
    LIVE = "live", _("Live: results so far are shown to everyone")


class ChangePolicy(models.TextChoices):
    """Whether an answer that was given can be changed."""

    FINAL = "final", _("An answer is final")
    UNTIL_CLOSE = "until_close", _("It can be changed until the end; the last one counts")


class Eligibility(models.TextChoices):
    """Who may answer."""

    ANYONE = "anyone", _("Anyone, without an account")
    CONFIRMED = "confirmed", _("Anyone with a confirmed e-mail address")
    VERIFIED = "verified", _("People whose identity was checked")
    RESIDENTS = "residents", _("Residents of an area and of all places in it")
    GROUP = "group", _("The people of a group")
    INVITED = "invited", _("Whoever holds an invitation code")


class OpeningPolicy(models.TextChoices):
    """What opens and closes a poll."""

    CLOCK = "clock", _("By the clock")
    HAND = "hand", _("By hand, by whoever is in the chair")


class ThresholdBase(models.TextChoices):
    """Of what a threshold is a share."""

    CAST = "cast", _("Of the votes cast for or against")
    ELIGIBLE = "eligible", _("Of all who may vote")
    AREAS = "areas", _("Of the votes cast, and in more than half of the areas")


class Channel(models.TextChoices):
    """How a ballot came in."""

    WEB = "web", _("On this site")
    PAPER = "paper", _("On paper")
    TELEPHONE = "telephone", _("By telephone")


class CorrectionKind(models.TextChoices):
    """What somebody changed on a ballot sheet."""

    ENTERED = "entered", _("Entered")
    CORRECTED = "corrected", _("Corrected")
    DISCARDED = "discarded", _("Discarded")


def _poll_path(slug: str) -> str:
    return f"/polls/{slug}/"


def register() -> None:
    """Tell the frame below how this app's processes are addressed."""
    kind = ProcessKind.POLL
    PROCESS_TYPES[kind] = ProcessType(kind, kind.label, _poll_path)
