"""The ballot box: who may vote, who voted, and what was voted."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from voting.kinds import Channel, Secrecy
from voting.models.poll import Poll


class Invitation(models.Model):
    """A single-use code that lets its holder answer. Only the code's SHA-256 is kept."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, editable=False)
    batch = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "digest"], name="one_invitation_per_code"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Quota(models.Model):
    """How many answers of one kind of people are wanted; a full cell takes no more.

    `cell` is {demographic: value}, for example {"sex": "f", "age": "18-29"}.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="quotas")
    cell = models.JSONField()
    target = models.PositiveIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "cell"], name="one_quota_per_cell"),
            models.CheckConstraint(
                condition=Q(count__lte=F("target")), name="quota_is_never_exceeded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cell} {self.count}/{self.target}"


class Booth(models.Model):
    """A place or a telephone desk where officers take ballots.

    Votes are not counted before it is ended: until then its sheets are entered. `end_reason` is
    public; it says why sheets were left out, where some were.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="booths")
    name = models.CharField(_("name"), max_length=120)
    place = models.CharField(_("place"), max_length=200, blank=True)
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.PAPER)
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="booths", blank=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "name"], name="one_booth_per_name"),
            models.CheckConstraint(
                condition=Q(channel__in=[Channel.PAPER, Channel.TELEPHONE]),
                name="booth_is_on_paper_or_telephone",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Turnout(models.Model):
    """Who voted, whatever the channel. Nothing here says what, and nothing says when: a day only.

    `voter` is "user:7", "pass:<SHA-256>", "code:<invitation id>" or "roll:<SHA-256 of a register
    number>"; unique in the poll, whatever the channel. `withdrawn_at`: the ballot was withdrawn.
    `area` is kept only where a threshold counts by area. The key is random, as a ballot's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="turnout")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    voter = models.CharField(max_length=80)
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.WEB)
    booth = models.ForeignKey(Booth, models.PROTECT, null=True, blank=True, related_name="turnout")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    voted_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = _("turnout")
        constraints = [
            models.UniqueConstraint(fields=["poll", "voter"], name="one_vote_each"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="turnout_channel_is_known"
            ),
        ]
        indexes = [models.Index(fields=["user", "poll"], name="turnout_of_person")]
        triggers = [pgtrigger.Protect(name="turnout_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"turnout of {self.poll_id}"


class BallotQuerySet(models.QuerySet["Ballot"]):
    def counted(self, poll: Poll) -> "BallotQuerySet":
        """The ballots that count: neither replaced by a later one nor withdrawn."""
        return self.filter(poll=poll, replaced_by__isnull=True, answers__isnull=False)


class Ballot(models.Model):
    """What was voted. Rows are never changed and never deleted.

    The key is random and there is no time, so that neither tells an order. `turnout` is null in a
    secret poll, by constraint, and set in every other. `mark` is the SHA-256 that the voter's
    receipt code leads to (voting.secrecy.receipts). `answers` is what
    `questionnaire.answers.check` returned, null where the voter withdrew. `replaces` is the
    ballot that this one makes void. `area` is kept only where a threshold counts by area.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="ballots")
    secrecy = models.CharField(max_length=16, choices=Secrecy.choices)
    turnout = models.ForeignKey(
        Turnout, models.PROTECT, null=True, blank=True, related_name="ballots"
    )
    mark = models.CharField(max_length=64)
    answers = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.WEB)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[BallotQuerySet] = BallotQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "mark"], name="one_ballot_per_mark"),
            models.CheckConstraint(
                condition=Q(secrecy=Secrecy.SECRET, turnout__isnull=True)
                | (~Q(secrecy=Secrecy.SECRET) & Q(turnout__isnull=False)),
                name="secret_ballot_has_no_voter",
            ),
            models.CheckConstraint(
                condition=Q(secrecy__in=Secrecy.values), name="ballot_secrecy_known"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="ballots_stay", operation=pgtrigger.Delete),
            # Writing a row anew as it was is allowed: see voting.actions.stages.
            pgtrigger.ReadOnly(name="ballots_never_change"),
            pgtrigger.Trigger(
                name="ballot_obeys_its_poll",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM voting_poll p WHERE p.id = NEW.poll_id
                        AND p.secrecy = NEW.secrecy AND p.opened_at IS NOT NULL AND p.counted_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'kenes: this poll takes no such ballot';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"ballot of {self.poll_id}"


class Draft(models.Model):
    """Answers not sent yet, kept for their author. Never in a secret poll."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="drafts")
    voter = models.CharField(max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    saved_at = models.DateTimeField(default=Now())
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "voter"], name="one_draft_each"),
        ]

    def __str__(self) -> str:
        return f"draft in {self.poll_id}"
