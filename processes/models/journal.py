"""Who did what to what, when."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from processes.kinds import (
    EntryKind,
)
from processes.models.process import Process
from processes.models.subject import Subject


class Entry(models.Model):
    """One line of the journal: who did what to what, when. The database refuses to change it.

    `consumed_at` alone may be set, once every consumer has read the entry. `data` holds ids and
    words that the text of a notice needs (see `EntryKind`), never what somebody chose in a ballot.
    """

    kind = models.CharField(max_length=32, choices=EntryKind.choices)
    process = models.ForeignKey(Process, models.PROTECT, related_name="entries")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    consumed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["process", "-id"], name="entry_newest"),
            models.Index(
                fields=["id"],
                name="entry_to_consume",
                condition=Q(consumed_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="journal_keeps_its_entries", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="journal_entries_stay", exclude=["consumed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
