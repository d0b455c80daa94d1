"""People change their own proposals, or take them back."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.html import html_to_text, render_markdown
from common.verdicts import Refused, no, require
from common.written import text_within
from consultations.actions.proposals import (
    NOT_FOUND,
    SUBJECT_TEXT,
    count_proposal,
    difference_of,
)
from consultations.models import Proposal, Revision
from consultations.permissions import (
    may_edit_proposal,
    may_withdraw_proposal,
)
from deliberation.actions import reset_positions
from processes import journal
from processes.kinds import EntryKind
from processes.models import Subject, phases_of


def _proposal_for(proposal_id: int) -> Proposal:
    """A proposal whose subject carries its frame. One query."""
    proposal = (
        Proposal.objects.filter(pk=proposal_id)
        .select_related("subject__process__organisation", "subject__answer", "wording", "section")
        .annotate(phases_json=phases_of("subject__process_id"), clock=Now())
        .first()
    )
    if proposal is None:
        raise Refused(NOT_FOUND)
    proposal.subject.take_frame(proposal)
    return proposal


@transaction.atomic
def edit_proposal(
    actor: Any,
    *,
    proposal_id: int,
    title: str,
    body: str,
    reason: str,
    confirmed_resets: int = 0,
) -> Proposal:
    """Change one's own proposal. The earlier text is kept.

    When title or body change, positions that others took on the old text are reset and these
    people are told. `confirmed_resets` is the number of positions that the author was warned of;
    if there are more, Refused with the code `positions_would_reset`.
    """
    proposal = _proposal_for(proposal_id)
    require(may_edit_proposal(actor, proposal))
    subject = proposal.subject
    title = text_within(title, limit=settings.TITLE_LIMIT, empty=_("Give it a heading."))
    body = text_within(body, limit=settings.BODY_LIMIT, empty=_("Write the new wording."))
    reason = text_within(reason, limit=settings.BODY_LIMIT)
    has_new_text = title != subject.title or body != proposal.body
    if not has_new_text and reason == proposal.reason:
        return proposal
    if has_new_text and subject.position_count > confirmed_resets:
        message = ngettext(
            "%(count)s person took a position on this text. An edit resets it.",
            "%(count)s people took a position on this text. An edit resets theirs.",
            subject.position_count,
        )
        refusal = message % {"count": subject.position_count}
        raise Refused(no("positions_would_reset", refusal, 409))
    Revision.objects.create(
        proposal=proposal,
        title=subject.title,
        body=proposal.body,
        reason=proposal.reason,
    )
    _rewrite(proposal, title, body, reason)
    if has_new_text:
        reset_positions(actor, subject=subject)
    journal.record(
        EntryKind.PROPOSAL_EDITED,
        actor=actor,
        process=subject.process_id,
        subject=subject,
    )
    return proposal


def _rewrite(proposal: Proposal, title: str, body: str, reason: str) -> None:
    proposal.body, proposal.body_html = body, render_markdown(body)
    proposal.reason, proposal.reason_html = reason, render_markdown(reason)
    difference = difference_of(proposal.wording, body)
    proposal.diff_html, proposal.diff_rows = (
        difference["diff_html"],
        difference["diff_rows"],
    )
    Proposal.objects.filter(pk=proposal.pk).update(
        body=body,
        body_html=proposal.body_html,
        reason=reason,
        reason_html=proposal.reason_html,
        edited_at=Now(),
        **difference,
    )
    proposal.refresh_from_db(fields=["edited_at"])
    subject = proposal.subject
    if title != subject.title:
        subject.title, subject.titles = title, {}
    subject.text = html_to_text(proposal.body_html, SUBJECT_TEXT)
    subject.save(update_fields=["title", "titles", "text"])


@transaction.atomic
def withdraw_proposal(actor: Any, *, proposal_id: int) -> Proposal:
    """Take one's proposal back. It stays readable as withdrawn; what was said about it stays."""
    proposal = _proposal_for(proposal_id)
    require(may_withdraw_proposal(actor, proposal))
    claimed = Subject.objects.filter(
        pk=proposal.subject_id, withdrawn_at__isnull=True, hidden_at__isnull=True
    ).update(withdrawn_at=Now())
    if claimed:
        proposal.subject.refresh_from_db(fields=["withdrawn_at"])
        count_proposal(proposal, actor, -1)
        journal.record(
            EntryKind.PROPOSAL_WITHDRAWN,
            actor=actor,
            process=proposal.subject.process_id,
            subject=proposal.subject,
        )
    return proposal
