"""Ballot sheets, entered twice, and the log of their corrections."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from voting.kinds import CorrectionKind
from voting.models.box import Booth, Turnout


class Sheet(models.Model):
    """A paper ballot or a telephone call, entered twice by two people and compared.

    `number` is what is printed on the sheet. `turnout` names the voter, except in a secret poll.
    When both entries are equal the sheet is accepted and one ballot is cast (`accepted_at`).
    """

    booth = models.ForeignKey(Booth, models.PROTECT, related_name="sheets")
    number = models.CharField(_("number on the sheet"), max_length=40)
    turnout = models.ForeignKey(Turnout, models.PROTECT, null=True, blank=True, related_name="+")
    first = models.JSONField(null=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second = models.JSONField(null=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["booth_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["booth", "number"], name="one_sheet_per_number"),
            models.CheckConstraint(
                condition=Q(first_by__isnull=True) | ~Q(first_by=F("second_by")),
                name="sheet_is_entered_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | Q(first__isnull=False, second__isnull=False),
                name="sheet_is_accepted_when_entered_twice",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(discarded_at__isnull=True),
                name="sheet_is_accepted_or_discarded",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="sheets_stay", operation=pgtrigger.Delete),
            # The lock of the booth's row lets two officers at once come here one after the other.
            pgtrigger.Trigger(
                name="sheets_never_outnumber_voters",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM voting_booth WHERE id = NEW.booth_id FOR NO KEY UPDATE;
                    IF (SELECT count(*) FROM voting_sheet s
                        WHERE s.booth_id = NEW.booth_id AND s.discarded_at IS NULL)
                    >= (SELECT count(*) FROM voting_turnout t
                        WHERE t.booth_id = NEW.booth_id AND t.withdrawn_at IS NULL)
                    THEN
                        RAISE EXCEPTION 'kenes: more sheets than people who were checked in';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"sheet {self.number}"


class Correction(models.Model):
    """A line in the log of a ballot sheet. Never changed."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=16, choices=CorrectionKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(
                name="corrections_stay", operation=pgtrigger.Delete | pgtrigger.Update
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sheet_id}"
