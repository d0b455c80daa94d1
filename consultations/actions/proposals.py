"""People rewrite the text: amendments and new articles."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from common.html import html_to_text, render_markdown
from common.verdicts import Refused, no, require
from common.written import text_within
from consultations.drafting.diff import diff_html, diff_side_by_side
from consultations.kinds import ProposalKind
from consultations.models import Consultation, Proposal, Section, Wording
from consultations.permissions import (
    may_amend,
    may_propose,
)
from processes import counters, journal
from processes.kinds import EntryKind, SubjectKind
from processes.models import Subject, phases_of

NOT_FOUND = no("not_found", gettext_lazy("There is nothing at this address."), 404)
SUBJECT_TEXT = 20_000  # characters of a proposal that search looks at


def difference_of(wording: Wording | None, body: str) -> dict[str, Any]:
    """The stored word difference of an amendment against the text it was written on."""
    if wording is None:
        return {"diff_html": "", "diff_rows": []}
    return {
        "diff_html": str(diff_html(wording.body, body)),
        "diff_rows": [list(row) for row in diff_side_by_side(wording.body, body)],
    }


def _current_wording(article: Q, language: str) -> tuple[Wording, Subject]:
    """The current text of an article, its subject carrying the frame. One query."""
    rows = (
        Wording.objects.filter(
            article,
            version_id=F("section__consultation__current_id"),
            section__subject__isnull=False,
        )
        .select_related("section__subject__process__organisation", "section__consultation")
        .annotate(phases_json=phases_of("section__subject__process_id"), clock=Now())
    )
    wording = min(rows, key=lambda row: (row.language != language, row.pk), default=None)
    if wording is None or wording.section.subject is None:
        raise Refused(NOT_FOUND)
    wording.section.subject.take_frame(wording)
    wording.names = {row.language: row.label or row.title for row in rows}  # type: ignore[attr-defined]
    return wording, wording.section.subject


def _amendment_titles(wording: Wording) -> dict[str, str]:
    """How an amendment is called that got no heading, by the languages of the text."""
    titles = {}
    for language, name in wording.names.items():  # type: ignore[attr-defined]
        with override(language):
            titles[language] = _("Amendment to %(article)s") % {"article": name}
    return titles


@transaction.atomic
def propose_amendment(
    actor: Any,
    *,
    body: str,
    reason: str,
    section_id: int | None = None,
    subject_id: int | None = None,
    title: str = "",
    language: str = "",
    once: UUID | None = None,
) -> Proposal:
    """Propose another wording of an article, with a reason. Six queries.

    The article is named by its section or by its subject; the amendment is written on its current
    text in `language` (or the first there is). Raises IntegrityError (proposal_sent_once) when a
    form with the number `once` was posted before.
    """
    article = Q(section_id=section_id) if section_id else Q(section__subject_id=subject_id)
    wording, subject = _current_wording(article, language)
    require(may_amend(actor, subject))
    body = text_within(body, limit=settings.BODY_LIMIT, empty=_("Write the new wording."))
    if body == wording.body.strip():
        raise Refused(no("no_change", _("Change the text first; it is the same as before."), 400))
    title = text_within(title, limit=settings.TITLE_LIMIT)
    titles = {} if title else _amendment_titles(wording)
    return _post(
        actor,
        process_id=subject.process_id,
        consultation_id=wording.section.consultation_id,
        kind=ProposalKind.AMENDMENT,
        section=wording.section,
        wording=wording,
        title=title or titles[wording.language],
        titles=titles if len(titles) > 1 else {},
        body=body,
        reason=reason,
        language=wording.language,
        once=once,
        at=subject.timetable.now,
    )


@transaction.atomic
def propose_new_article(
    actor: Any,
    *,
    consultation: Consultation | str,
    title: str,
    body: str,
    reason: str,
    section_id: int | None = None,
    language: str = "",
    once: UUID | None = None,
) -> Proposal:
    """Propose a new article in a part of the text (or, without `section_id`, anywhere in it).

    `consultation` may be given by its slug. `once` as for `propose_amendment`. Six queries.
    """
    place, section = _place(consultation, section_id)
    process = place.process
    require(may_propose(actor, process))
    if section_id is not None and section is None:
        raise Refused(NOT_FOUND)
    return _post(
        actor,
        process_id=process.pk,
        consultation_id=place.pk,
        kind=ProposalKind.NEW_ARTICLE,
        section=section,
        wording=None,
        title=text_within(
            title, limit=settings.TITLE_LIMIT, empty=_("Give the article a heading.")
        ),
        body=text_within(body, limit=settings.BODY_LIMIT, empty=_("Write the article.")),
        reason=reason,
        language=language or process.languages[0],
        once=once,
        at=process.timetable.now,
    )


def _place(
    consultation: Consultation | str, section_id: int | None
) -> tuple[Consultation, Section | None]:
    """The consultation with its timetable, and the part of its text. One query."""
    rows = Consultation.objects.select_related("process__organisation").annotate(
        phases_json=phases_of("process_id"),
        clock=Now(),
        part=Subquery(
            Section.objects.filter(pk=section_id or 0, consultation=OuterRef("pk")).values(
                "subject_id"
            )
        ),
    )
    if isinstance(consultation, str):
        place = rows.filter(process__slug=consultation).first()
    else:
        place = rows.filter(pk=consultation.pk).first()
    if place is None:
        raise Refused(NOT_FOUND)
    process = place.process
    process.phases_json, process.clock = place.phases_json, place.clock  # type: ignore[attr-defined]
    part = place.part  # type: ignore[attr-defined]
    section = Section(pk=section_id, consultation=place, subject_id=part) if part else None
    return place, section


def _post(
    actor: Any,
    *,
    process_id: int,
    consultation_id: int,
    kind: ProposalKind,
    section: Section | None,
    wording: Wording | None,
    title: str,
    body: str,
    reason: str,
    language: str,
    once: UUID | None,
    at: datetime,
    titles: dict[str, str] | None = None,
) -> Proposal:
    reason = text_within(reason, limit=settings.BODY_LIMIT)
    html = render_markdown(body)
    subject = Subject.objects.create(
        process_id=process_id,
        kind=SubjectKind(kind.value),
        parent_id=section.subject_id if section is not None else None,
        author=actor,
        title=title,
        titles=titles or {},
        text=html_to_text(html, SUBJECT_TEXT),
        language=language,
        created_at=at,
    )
    proposal = Proposal.objects.create(
        consultation_id=consultation_id,
        subject=subject,
        kind=kind,
        section=section,
        wording=wording,
        body=body,
        body_html=html,
        reason=reason,
        reason_html=render_markdown(reason),
        once=once,
        created_at=at,
        **difference_of(wording, body),
    )
    count_proposal(proposal, actor, 1)
    journal.record(EntryKind.PROPOSAL_POSTED, actor=actor, process=process_id, subject=subject)
    return proposal


def count_proposal(proposal: Proposal, author: Any, delta: int) -> None:
    """Move every counter that counts this proposal. Two queries at most."""
    subject = proposal.subject
    if subject.parent_id is not None:
        counters.move_subject(subject.parent_id, **{f"{proposal.kind}_count": delta})
    counters.take_part(subject.process_id, author.pk, contributions=delta)
