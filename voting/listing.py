"""Lists of polls: where each stands in time, by the database's clock."""

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from processes.kinds import Activity, Status
from processes.models import Phase
from voting.kinds import OpeningPolicy
from voting.models import Poll


def with_status(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """Adds `status`: upcoming, open or closed. A poll without voting phases opens by hand, or never."""
    now = Now()
    phases = Phase.objects.filter(
        process=OuterRef("process"), activities__contains=[Activity.VOTE.value]
    )
    by_clock = Q(opening_policy=OpeningPolicy.CLOCK)
    is_over = by_clock & Exists(phases) & ~Exists(phases.filter(closes_at__gt=now))
    is_on = Exists(phases.filter(opens_at__lte=now, closes_at__gt=now))
    by_hand = Q(opening_policy=OpeningPolicy.HAND, opened_at__isnull=False)
    return polls.annotate(
        status=Case(
            When(closed_at__isnull=False, then=Value(Status.CLOSED.value)),
            When(process__closed_at__lte=now, then=Value(Status.CLOSED.value)),
            When(is_over, then=Value(Status.CLOSED.value)),
            When(by_hand | (by_clock & is_on), then=Value(Status.OPEN.value)),
            default=Value(Status.UPCOMING.value),
            output_field=CharField(),
        )
    )
