"""The next version of a text begins with the current one and takes in what was adopted."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.html import clean_text, render_markdown
from common.verdicts import Refused, no, require
from consultations.actions.text import (
    edit_wording,
    open_version,
    renumber,
    require_unpublished,
    rows_by_language,
    span,
)
from consultations.drafting.anchors import Rebased, rebase
from consultations.kinds import SectionKind
from consultations.models import Consultation, Proposal, Section, Version, Wording
from consultations.permissions import may_write_draft

_COPIED = (
    "section_id", "language", "parent_id", "order", "level", "label", "number", "heading",
    "body", "body_html", "explanation", "explanation_html", "law_changes",
)  # fmt: skip


@transaction.atomic
def begin_version(actor: Any, *, consultation: Consultation) -> Version:
    """An unpublished version that says what the current one says, in all its languages.

    Raises Refused when there is no current version, or the next one is begun already.
    """
    require(may_write_draft(actor, consultation))
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if consultation.current_id is None:
        raise Refused(no("not_published", _("Publish the consultation first."), 409))
    if consultation.versions.filter(published_at__isnull=True).exists():
        raise Refused(no("version_open", _("The next version is being written already."), 409))
    version = open_version(actor, consultation)
    rows = Wording.objects.filter(version_id=consultation.current_id).order_by("pk")
    Wording.objects.bulk_create(
        Wording(version=version, **{name: getattr(row, name) for name in _COPIED}) for row in rows
    )
    return version


@transaction.atomic
def insert_wording(
    actor: Any,
    *,
    version: Version,
    after: Wording | None,
    language: str,
    kind: str,
    label: str,
    number: str = "",
    heading: str = "",
    body: str = "",
) -> Wording:
    """Put a new part behind another one and all that is under it (None: at the end).

    It gets a place in every language of the text; where it is not written yet it has its name only.
    """
    require(may_write_draft(actor, version.consultation))
    if version.published_at is not None:
        message = _("This version is published. Changes go into the next one.")
        raise Refused(no("published", message, 409))
    if kind not in SectionKind.values:
        raise Refused(no("unknown_kind", _("Choose what kind of part this is."), 400))
    heading, body = clean_text(heading).strip(), clean_text(body).strip()
    if not (label.strip() or heading or body):
        raise Refused(no("empty", _("Give the part a name, a heading or a text."), 400))
    section = Section.objects.create(consultation=version.consultation, kind=kind)
    by_language = rows_by_language(version)
    by_language.setdefault(language, [])
    made: dict[str, Wording] = {}
    for code, rows in by_language.items():
        row = Wording(
            version=version,
            section=section,
            language=code,
            level=_level_behind(rows, after),
            label=label.strip()[:80],
            number=number.strip()[:40],
            heading=heading if code == language else "",
            body=body if code == language else "",
            body_html=render_markdown(body) if code == language else "",
        )
        rows.insert(_place_behind(rows, after), row)
        made[code] = row
        row.order = 2_000_000  # a place of its own until all are numbered anew
        row.save()
    renumber(version, by_language)
    return made[language]


def _place_behind(rows: list[Wording], after: Wording | None) -> int:
    for index, row in enumerate(rows):
        if after is not None and row.section_id == after.section_id:
            return span(rows, index)
    return len(rows)


def _level_behind(rows: list[Wording], after: Wording | None) -> int:
    for row in rows:
        if after is not None and row.section_id == after.section_id:
            return row.level
    return 0


@transaction.atomic
def take_amendment(actor: Any, *, wording: Wording, proposal: Proposal) -> Rebased:
    """Put an amendment's words into an article of the unpublished version.

    What else was changed there meanwhile stays, as far as the two fit together (see `rebase`):
    the result says whether somebody must look. Raises Refused when it does not fit at all.
    """
    require_unpublished(actor, wording)
    if proposal.wording is None or proposal.section_id != wording.section_id:
        raise Refused(no("other_article", _("That amendment is about another article."), 400))
    found = rebase(proposal.wording.body, proposal.body, wording.body)
    if found.text is None:
        message = _("This amendment no longer fits the text. Write its words in by hand.")
        raise Refused(no("does_not_fit", message, 409))
    edit_wording(
        actor,
        wording=wording,
        kind=wording.section.kind,
        label=wording.label,
        number=wording.number,
        heading=wording.heading,
        body=found.text,
        explanation=wording.explanation,
        law_changes=[(c["title"], c["before"], c["after"]) for c in wording.law_changes],
    )
    return found
