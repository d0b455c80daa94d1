"""Which projects await their assessment, and how far those have come: conditions for querysets.

Everything is by the database's clock. A project whose authors were asked for a revision waits until
the revision came or its time has run out. One whose decision is corrected waits again.
"""

from django.db.models import F, Q
from django.db.models.functions import Now

HAS_ASKED = Q(revision_asked_at__isnull=False, revised_at__isnull=True)
REVISING = HAS_ASKED & Q(revision_due_at__gt=Now())
NO_REVISION_CAME = HAS_ASKED & Q(revision_due_at__lte=Now())
NOT_REVISING = (
    Q(revision_asked_at__isnull=True) | Q(revised_at__isnull=False) | Q(revision_due_at__lte=Now())
)
COSIGNED = Q(cosignature_count__gte=F("budget__cosigners_needed"))
CORRECTING = Q(assessment__published_at__isnull=True, assessment__correction__gt="")
UNDECIDED = Q(decided_at__isnull=True) | CORRECTING

# Somebody must write something.
TO_ASSESS = UNDECIDED & NOT_REVISING & COSIGNED & Q(assessment__proposed_at__isnull=True)
LATE = TO_ASSESS & Q(assessment__due_at__lt=Now())
SUBMITTED = UNDECIDED & Q(assessment__proposed_at__isnull=False, assessment__signed_at__isnull=True)
SIGNED = UNDECIDED & Q(assessment__signed_at__isnull=False, assessment__published_at__isnull=True)
PUBLISHED = Q(decided_at__isnull=False) & ~Q(
    assessment__isnull=False, assessment__published_at__isnull=True
)
COSIGNING = Q(decided_at__isnull=True, cosignature_count__lt=F("budget__cosigners_needed"))

STATES: dict[str, Q] = {
    "waiting": TO_ASSESS,
    "late": LATE,
    "submitted": SUBMITTED,
    "signed": SIGNED,
    "published": PUBLISHED,
    "revising": UNDECIDED & REVISING,
    "": Q(),
}
