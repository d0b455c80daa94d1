"""What every action of a participant begins with: the subject, the words, the one withdrawal."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from common.prepared import Prepared
from common.verdicts import Refused, no
from deliberation.models import Position
from processes.models import Subject


def _subject_of_actor(subject_id: int, user_id: int) -> QuerySet[Subject]:
    mine = Position.objects.filter(subject=OuterRef("pk"), user=user_id)
    return (
        Subject.objects.with_frame()
        .defer("text", "search", "sample", "process__search", "process__sample")
        .annotate(my_row=Subquery(mine.values("pk")), my_value=Subquery(mine.values("value")))
        .filter(pk=subject_id)
    )


_SUBJECT: Prepared[Subject] = Prepared(_subject_of_actor)
NOT_FOUND = no("not_found", gettext_lazy("There is nothing at this address."), 404)


def subject_for(actor: Any, subject_id: int) -> Subject:
    """The subject with its frame and the actor's position as `my_value`, `my_row`. One query."""
    subject = _SUBJECT.first(subject_id=subject_id, user_id=actor.pk or 0)
    if subject is None:
        raise Refused(NOT_FOUND)
    return subject


def claim_withdrawal(model: Any, row: Any) -> bool:
    """Withdraw what stands, once. Whether this call did it."""
    claimed = model.objects.filter(
        pk=row.pk, withdrawn_at__isnull=True, hidden_at__isnull=True
    ).update(withdrawn_at=Now())
    row.refresh_from_db(fields=["withdrawn_at"])
    return bool(claimed)
