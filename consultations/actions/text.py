"""The text of an unpublished version: written from a parsed draft, then corrected row by row."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.html import clean_text, render_markdown
from common.verdicts import Refused, no, require
from consultations.drafting.anchors import match_articles
from consultations.drafting.diff import diff_html, diff_side_by_side
from consultations.drafting.model import LEAVES, Draft, Kind, Node
from consultations.kinds import SectionKind
from consultations.models import Consultation, Section, Version, Wording
from consultations.permissions import may_write_draft

PARKED = 1_000_000  # orders above this are only met inside a transaction that renumbers


def _with_level(nodes: Sequence[Node], level: int = 0) -> Iterator[tuple[Node, int]]:
    for node in nodes:
        yield node, level
        yield from _with_level(node.children, level + 1)


def open_version(actor: Any, consultation: Consultation) -> Version:
    """The unpublished version of the text, made when there is none."""
    draft = consultation.versions.filter(published_at__isnull=True).first()
    if draft is not None:
        return draft
    last = consultation.versions.order_by("-number").first()
    return Version.objects.create(
        consultation=consultation,
        number=last.number + 1 if last else 1,
        created_by=actor,
    )


@transaction.atomic
def write_draft(actor: Any, *, consultation: Consultation, draft: Draft, language: str) -> Version:
    """Replace the unpublished version's text in one language by a parsed draft.

    Sections keep their identity from the published version where number, heading or words match
    (drafting.anchors); a second language must have the same parts in the same order as the first.
    Raises Refused for a text without parts, or languages that do not match.
    """
    require(may_write_draft(actor, consultation))
    parts = list(_with_level(draft.nodes))
    if not parts:
        raise Refused(no("no_text", _("There is no text in this."), 400))
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    version = open_version(actor, consultation)
    other = version.wordings.exclude(language=language).values_list("language", flat=True).first()
    if other is not None:
        sections = _same_parts(version, other, parts)
    else:
        sections = _identities(consultation, [node for node, _level in parts], language)
    law = _law_changes(version, language)
    version.wordings.filter(language=language).delete()
    Wording.objects.bulk_create(
        _wording(version, language, order, node, level, section, law.get(section.pk, []))
        for order, ((node, level), section) in enumerate(
            zip(parts, _existing_or_new(consultation, parts, sections), strict=True)
        )
    )
    _place(version, language)
    forget_unused(consultation)
    return version


def _same_parts(
    version: Version, language: str, parts: Sequence[tuple[Node, int]]
) -> list[Section | None]:
    """The sections of another language's text, part by part."""
    rows = list(
        version.wordings.filter(language=language).order_by("order").select_related("section")
    )
    for row, (node, level) in zip(rows, parts, strict=False):
        if row.section.kind != node.kind or row.level != level:
            message = _("“%(part)s” does not match “%(other)s” in the other language.")
            names = {"part": node.label or node.heading, "other": row.title}
            raise Refused(no("languages_differ", message % names, 400))
    if len(rows) != len(parts):
        message = _("The other language has %(other)s parts, this text has %(parts)s.")
        numbers = {"other": len(rows), "parts": len(parts)}
        raise Refused(no("languages_differ", message % numbers, 400))
    return [row.section for row in rows]


def _identities(
    consultation: Consultation, nodes: Sequence[Node], language: str
) -> list[Section | None]:
    """For each part the section of the current version that it continues, or None."""
    if consultation.current_id is None:
        return [None] * len(nodes)
    rows = list(
        Wording.objects.filter(version_id=consultation.current_id, language=language)
        .order_by("order")
        .select_related("section")
    )
    old = [
        Node(
            kind=cast(Kind, row.section.kind),
            number=row.number,
            heading=row.heading,
            body=row.body,
            label=row.label,
        )
        for row in rows
    ]
    matching = match_articles(old, nodes)
    continued = {new: rows[was].section for was, new in matching.pairs}
    return [continued.get(index) for index in range(len(nodes))]


def _existing_or_new(
    consultation: Consultation,
    parts: Sequence[tuple[Node, int]],
    sections: Sequence[Section | None],
) -> list[Section]:
    fresh = [
        Section(consultation=consultation, kind=node.kind)
        for (node, _level), section in zip(parts, sections, strict=True)
        if section is None
    ]
    made = iter(Section.objects.bulk_create(fresh))
    return [section if section is not None else next(made) for section in sections]


def _wording(
    version: Version,
    language: str,
    order: int,
    node: Node,
    level: int,
    section: Section,
    law_changes: list[dict[str, Any]],
) -> Wording:
    body, explanation = clean_text(node.body), clean_text(node.explanation)
    return Wording(
        version=version,
        section=section,
        language=language,
        order=order,
        level=level,
        label=node.label[:80],
        number=node.number[:40],
        heading=clean_text(node.heading),
        body=body,
        body_html=render_markdown(body),
        explanation=explanation,
        explanation_html=render_markdown(explanation),
        law_changes=law_changes,
    )


def _law_changes(version: Version, language: str) -> dict[int, list[dict[str, Any]]]:
    """What each section changes in existing law, by its id: a pasted text says nothing of it."""
    versions = [version.pk, version.consultation.current_id]
    rows = Wording.objects.filter(version__in=versions, language=language)
    newest_last = rows.order_by("version__number").values_list("section_id", "law_changes")
    return dict(newest_last)


def _place(version: Version, language: str) -> None:
    """Set every row's parent from the levels: the nearest earlier row of a smaller level."""
    above: list[Wording] = []
    changed = []
    for row in version.wordings.filter(language=language).order_by("order"):
        while above and above[-1].level >= row.level:
            above.pop()
        parent_id = above[-1].section_id if above else None
        if row.parent_id != parent_id:
            row.parent_id = parent_id
            changed.append(row)
        above.append(row)
    Wording.objects.bulk_update(changed, ["parent_id"], batch_size=500)


def forget_unused(consultation: Consultation) -> None:
    """Sections that were never public and stand in no version any more."""
    consultation.sections.filter(
        subject__isnull=True, wordings__isnull=True, removals__isnull=True
    ).delete()


def law_change(title: str, before: str, after: str) -> dict[str, Any]:
    """One before/after pair of existing law, with its word difference ready to show."""
    before, after = clean_text(before), clean_text(after)
    return {
        "title": clean_text(title),
        "before": before,
        "after": after,
        "diff_html": str(diff_html(before, after)),
        "rows": [list(row) for row in diff_side_by_side(before, after)],
    }


def require_unpublished(actor: Any, wording: Wording) -> None:
    require(may_write_draft(actor, wording.version.consultation))
    if wording.version.published_at is not None:
        message = _("This version is published. Changes go into the next one.")
        raise Refused(no("published", message, 409))


@transaction.atomic
def edit_wording(
    actor: Any,
    *,
    wording: Wording,
    kind: str,
    label: str,
    number: str,
    heading: str,
    body: str,
    explanation: str,
    law_changes: Sequence[tuple[str, str, str]] = (),
) -> Wording:
    """Correct one part of the unpublished text. `law_changes` are (title, before, after)."""
    require_unpublished(actor, wording)
    if kind not in SectionKind.values:
        raise Refused(no("unknown_kind", _("Choose what kind of part this is."), 400))
    wording.label, wording.number = label.strip()[:80], number.strip()[:40]
    wording.heading, wording.body = (
        clean_text(heading).strip(),
        clean_text(body).strip(),
    )
    wording.explanation = clean_text(explanation).strip()
    wording.body_html = render_markdown(wording.body)
    wording.explanation_html = render_markdown(wording.explanation)
    wording.law_changes = [law_change(*change) for change in law_changes]
    wording.save(
        update_fields=[
            "label", "number", "heading", "body", "body_html",
            "explanation", "explanation_html", "law_changes",
        ]
    )  # fmt: skip
    if wording.section.subject_id is None and wording.section.kind != kind:
        wording.section.kind = kind
        wording.section.save(update_fields=["kind"])
    return wording


def renumber(version: Version, by_language: dict[str, list[Wording]]) -> None:
    """Give rows the order in which they stand in the lists."""
    for language, rows in by_language.items():
        version.wordings.filter(language=language).update(order=F("order") + PARKED)
        for order, row in enumerate(rows):
            row.order = order
        Wording.objects.bulk_update(rows, ["order", "level"], batch_size=500)
        _place(version, language)


def rows_by_language(version: Version) -> dict[str, list[Wording]]:
    rows: dict[str, list[Wording]] = {}
    for row in version.wordings.select_related("section").order_by("language", "order"):
        rows.setdefault(row.language, []).append(row)
    return rows


def span(rows: Sequence[Wording], start: int) -> int:
    """Where the part that begins at `start` ends, with all that is under it."""
    end = start + 1
    while end < len(rows) and rows[end].level > rows[start].level:
        end += 1
    return end


@transaction.atomic
def move_wording(actor: Any, *, wording: Wording, step: int) -> None:
    """Move a part, with what is under it, before (-1) or after (1) its neighbour of equal level.

    In every language. At the edge of its parent nothing happens.
    """
    require_unpublished(actor, wording)
    by_language = rows_by_language(wording.version)
    for language, rows in by_language.items():
        start = next(i for i, row in enumerate(rows) if row.section_id == wording.section_id)
        end = span(rows, start)
        if step > 0:
            if end < len(rows) and rows[end].level == rows[start].level:
                stop = span(rows, end)
                by_language[language] = (
                    rows[:start] + rows[end:stop] + rows[start:end] + rows[stop:]
                )
        else:
            before = start - 1
            while before >= 0 and rows[before].level > rows[start].level:
                before -= 1
            if before >= 0 and rows[before].level == rows[start].level:
                by_language[language] = (
                    rows[:before] + rows[start:end] + rows[before:start] + rows[end:]
                )
    renumber(wording.version, by_language)


@transaction.atomic
def shift_wording(actor: Any, *, wording: Wording, step: int) -> None:
    """Put a part, with what is under it, one level deeper (1) or higher (-1), where that is possible."""
    require_unpublished(actor, wording)
    by_language = rows_by_language(wording.version)
    for rows in by_language.values():
        start = next(i for i, row in enumerate(rows) if row.section_id == wording.section_id)
        level = rows[start].level + step
        deepest = 0
        if start:
            above = rows[start - 1]
            deepest = above.level + (above.section.kind not in LEAVES)
        if 0 <= level <= deepest:
            for row in rows[start : span(rows, start)]:
                row.level += step
    renumber(wording.version, by_language)


@transaction.atomic
def identify(actor: Any, *, wording: Wording, section: Section | None) -> None:
    """Say which section of the published text a part continues (None: it is new)."""
    require_unpublished(actor, wording)
    version = wording.version
    if section is None:
        section = Section.objects.create(
            consultation=version.consultation, kind=wording.section.kind
        )
    elif section.consultation_id != version.consultation_id:
        raise Refused(no("other_consultation", _("That is part of another text."), 400))
    elif version.wordings.filter(section=section).exclude(section=wording.section).exists():
        message = _("Another part of the new text already continues that one.")
        raise Refused(no("taken", message, 409))
    version.wordings.filter(section=wording.section).update(section=section)
    for language in version.wordings.values_list("language", flat=True).distinct():
        _place(version, language)
    forget_unused(version.consultation)
