"""Polls and what they ask."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Group
from processes.models import Process, phases_of, timetable_of
from processes.timetable import Timetable
from voting.kinds import (
    ChangePolicy,
    Eligibility,
    OpeningPolicy,
    PollKind,
    ResultsPolicy,
    Secrecy,
    ThresholdBase,
)
from voting.questionnaire.definition import BUDGETED, QuestionKind, Questionnaire, from_json

# What rows can ask. Ballots about money come from processes that bring their own questionnaire.
WRITTEN_KINDS = [kind.value for kind in QuestionKind if kind not in BUDGETED]

# What is declared before a poll opens and can never change afterwards.
DECLARED = (
    "process_id",
    "secrecy",
    "results_policy",
    "change_policy",
    "eligibility",
    "area_id",
    "group_id",
    "opening_policy",
    "consent",
    "quorum",
    "threshold",
    "threshold_base",
    "shows_turnout",
    "definition",
    "definition_digest",
    "opened_at",
)
_changed = " OR ".join(
    f'OLD."{name}"::text IS DISTINCT FROM NEW."{name}"::text' for name in DECLARED
)
_POLL_IS_OPEN = """
    IF EXISTS (SELECT 1 FROM voting_poll p WHERE p.id = {poll} AND p.opened_at IS NOT NULL) THEN
        RAISE EXCEPTION 'kenes: what a poll asks is fixed once it has opened';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def _fixed_once_open(name: str, poll: str) -> pgtrigger.Trigger:
    """Refuses to change a row of a poll that has opened. `poll` is SQL for the poll's id."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_POLL_IS_OPEN.format(poll=poll),
    )


class PollQuerySet(models.QuerySet["Poll"]):
    def with_process(self) -> "PollQuerySet":
        """With its process and public body. One query; reads no ballots."""
        return self.select_related("process__organisation", "area", "group").defer(
            "process__search", "process__sample"
        )

    def visible_to(self, user: Any) -> "PollQuerySet":
        return self.filter(process__in=Process.objects.visible_to(user))

    def with_timetable(self) -> "PollQuerySet":
        """Adds phases, the database's clock and whether there are quotas: one query for all that
        casting asks."""
        quotas = Exists(
            self.model._meta.get_field("quotas").related_model.objects.filter(poll=OuterRef("pk"))
        )
        return self.with_process().annotate(
            phases_json=phases_of("process_id"), clock=Now(), has_quotas=quotas
        )


class Poll(models.Model):
    """Questions put to people under declared rules, and the box that takes their ballots.

    A process of kind "poll" has one; an assembly or a budget may have several (`title` tells them
    apart). `opened_at`, `closed_at` and `counted_at` are facts; the plan stands in the process's
    phases (activity "vote"). `definition` is what is asked, frozen at opening
    (voting.questionnaire.definition), `definition_digest` its SHA-256. `turnout_count` counts who
    voted and did not withdraw; it moves in the transaction of the ballot, and that very UPDATE is
    what a closing waits for. `quorum` and `threshold` are shares from 0 to 1. `root` is the root of
    the hash tree over the published ballots. `series` ties repeated polls together.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="polls")
    kind = models.CharField(
        _("kind"), max_length=16, choices=PollKind.choices, default=PollKind.POLL
    )
    order = models.PositiveIntegerField(default=0)
    title = models.JSONField(_("title"), default=dict, blank=True)
    about = models.JSONField(_("about"), default=dict, blank=True)
    about_html = models.JSONField(default=dict, blank=True, editable=False)
    consent = models.JSONField(_("consent"), default=dict, blank=True)
    consent_html = models.JSONField(default=dict, blank=True, editable=False)
    thanks = models.JSONField(_("thanks"), default=dict, blank=True)
    secrecy = models.CharField(
        _("secrecy"), max_length=16, choices=Secrecy.choices, default=Secrecy.CONFIDENTIAL
    )
    results_policy = models.CharField(
        _("results"), max_length=16, choices=ResultsPolicy.choices, default=ResultsPolicy.SEALED
    )
    change_policy = models.CharField(
        _("changes"), max_length=16, choices=ChangePolicy.choices, default=ChangePolicy.FINAL
    )
    eligibility = models.CharField(
        _("who may answer"),
        max_length=16,
        choices=Eligibility.choices,
        default=Eligibility.CONFIRMED,
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    opening_policy = models.CharField(
        max_length=16, choices=OpeningPolicy.choices, default=OpeningPolicy.CLOCK
    )
    shows_turnout = models.BooleanField(_("turnout is shown while it is open"), default=True)
    quorum = models.DecimalField(_("quorum"), max_digits=6, decimal_places=5, null=True, blank=True)
    threshold = models.DecimalField(
        _("threshold"), max_digits=6, decimal_places=5, null=True, blank=True
    )
    threshold_base = models.CharField(
        max_length=16, choices=ThresholdBase.choices, default=ThresholdBase.CAST
    )
    eligible_count = models.PositiveIntegerField(
        _("number of people who may vote"), null=True, blank=True
    )
    margins = models.JSONField(default=dict, blank=True)
    definition = models.JSONField(null=True, editable=False)
    definition_digest = models.CharField(max_length=64, blank=True, editable=False)
    series = models.SlugField(max_length=80, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)
    turnout_count = models.PositiveIntegerField(default=0, editable=False)
    root = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[PollQuerySet] = PollQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["process_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PollKind.values), name="poll_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(secrecy__in=Secrecy.values), name="poll_secrecy_known"
            ),
            models.CheckConstraint(
                condition=~Q(eligibility=Eligibility.RESIDENTS) | Q(area__isnull=False),
                name="poll_for_residents_names_the_area",
            ),
            models.CheckConstraint(
                condition=~Q(eligibility=Eligibility.GROUP) | Q(group__isnull=False),
                name="poll_for_a_group_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(eligibility=Eligibility.ANYONE, secrecy=Secrecy.NAMED),
                name="named_poll_knows_its_people",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(definition__isnull=False),
                name="open_poll_has_a_definition",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
                name="poll_closes_after_it_opened",
            ),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(closed_at__isnull=False),
                name="poll_is_counted_after_it_closed",
            ),
            models.CheckConstraint(
                condition=(Q(quorum__isnull=True) | Q(quorum__gte=0, quorum__lte=1))
                & (Q(threshold__isnull=True) | Q(threshold__gte=0, threshold__lte=1)),
                name="poll_shares_lie_between_0_and_1",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="poll_declarations_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.opened_at IS NOT NULL AND ({_changed}) THEN
                        RAISE EXCEPTION 'kenes: what was declared for a poll is fixed once it has opened';
                    END IF;
                    IF OLD.closed_at IS NOT NULL AND OLD.closed_at IS DISTINCT FROM NEW.closed_at THEN
                        RAISE EXCEPTION 'kenes: a poll that has closed stays closed';
                    END IF;
                    IF OLD.counted_at IS NOT NULL
                    AND OLD.turnout_count IS DISTINCT FROM NEW.turnout_count THEN
                        RAISE EXCEPTION 'kenes: the turnout of a counted poll stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"poll {self.pk} of {self.process_id}"

    @cached_property
    def timetable(self) -> Timetable:
        """The phases of its process: no query after `with_timetable()`, else one."""
        if hasattr(self, "phases_json"):
            return timetable_of(self.phases_json, self.clock)  # type: ignore[attr-defined]
        return self.process.timetable

    @cached_property
    def asks_quotas(self) -> bool:
        """Whether it has quotas: no query after `with_timetable()`, else one."""
        if hasattr(self, "has_quotas"):
            return bool(self.has_quotas)
        return self.quotas.exists()

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """What is asked, from the frozen definition. Only for polls that have opened."""
        return from_json(self.definition)

    @property
    def is_secret(self) -> bool:
        return bool(self.secrecy == Secrecy.SECRET)

    @property
    def is_final(self) -> bool:
        """Whether an answer cannot be changed."""
        return bool(self.change_policy == ChangePolicy.FINAL)


class QuestionPage(models.Model):
    """A section of a questionnaire: one page where no script runs."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="pages")
    key = models.SlugField(max_length=40)
    order = models.PositiveIntegerField()
    title = models.JSONField(_("title"), default=dict, blank=True)
    intro = models.JSONField(_("introduction"), default=dict, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "key"], name="one_page_per_key"),
        ]
        triggers = [_fixed_once_open("page_stays_once_open", "(COALESCE(NEW, OLD)).poll_id")]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.key}"


class Question(models.Model):
    """One question as an editor writes it. See questionnaire.definition.Question for every field."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="questions")
    page = models.ForeignKey(QuestionPage, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in WRITTEN_KINDS])
    title = models.JSONField(_("question"))
    help = models.JSONField(_("help"), default=dict, blank=True)
    least = models.IntegerField(default=0)
    most = models.IntegerField(null=True, blank=True)
    does_not_apply = models.BooleanField(default=False)
    is_shuffled = models.BooleanField(default=False)
    show_if = models.TextField(blank=True)
    demographic = models.CharField(max_length=16, blank=True)
    satisfied_from = models.IntegerField(default=0)
    method = models.CharField(max_length=24, blank=True)
    seats = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["page__order", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "key"], name="one_question_per_key"),
            models.CheckConstraint(
                condition=Q(kind__in=WRITTEN_KINDS), name="question_kind_is_known"
            ),
        ]
        triggers = [_fixed_once_open("question_stays_once_open", "(COALESCE(NEW, OLD)).poll_id")]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.key}"


class OptionRole(models.TextChoices):
    OPTION = "option", _("Option")
    ITEM = "item", _("Item of a matrix")
    POINT = "point", _("Point of a scale, or grade")


class Option(models.Model):
    """One option, matrix item, or point of a scale of a question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    role = models.CharField(max_length=8, choices=OptionRole.choices, default=OptionRole.OPTION)
    key = models.SlugField(max_length=40)
    order = models.PositiveIntegerField()
    label = models.JSONField(_("label"))
    is_other = models.BooleanField(default=False)

    class Meta:
        ordering = ["role", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "role", "key"], name="one_option_per_key"),
        ]
        triggers = [
            _fixed_once_open(
                "option_stays_once_open",
                "(SELECT q.poll_id FROM voting_question q WHERE q.id = (COALESCE(NEW, OLD)).question_id)",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.key}"
