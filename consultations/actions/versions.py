"""Versions of the text become public, and it is said who moved what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.html import clean_text, html_to_text
from common.verdicts import Refused, no, require
from consultations.actions.text import forget_unused
from consultations.drafting.diff import diff_html
from consultations.drafting.model import LEAVES
from consultations.kinds import ChangeKind
from consultations.models import Change, Consultation, Section, Version, Wording
from consultations.permissions import may_write_draft
from processes import journal
from processes.kinds import EntryKind, SubjectKind
from processes.models import Subject

SUBJECT_TEXT = 20_000  # characters of an article that search looks at
_OF_TITLE = ("label", "number", "heading", "body")  # what a title is made of


def make_public(version: Version) -> None:
    """Give every section of the version its subject and make the version the current one."""
    consultation = version.consultation
    version.removals.all().delete()
    forget_unused(consultation)
    language = _first_language(version)
    rows = list(
        version.wordings.filter(language=language)
        .select_related("section__subject")
        .order_by("order")
    )
    titles = _titles(version)
    for row in rows:
        _give_subject(consultation, row, titles.get(row.section_id, {}))
    gone = consultation.sections.filter(subject__isnull=False).exclude(
        pk__in=[row.section_id for row in rows]
    )
    Subject.objects.filter(section__in=gone, locked_at__isnull=True).update(locked_at=Now())
    Version.objects.filter(pk=version.pk).update(published_at=Now())
    Consultation.objects.filter(pk=consultation.pk).update(current=version)
    consultation.current = version


def _first_language(version: Version) -> str:
    """The language that titles of subjects are in: the first of the process that the text has."""
    present = set(version.wordings.values_list("language", flat=True))
    ordered = [*version.consultation.process.languages, *sorted(present)]
    return next(language for language in ordered if language in present)


def _titles(version: Version) -> dict[int, dict[str, str]]:
    """{section id: its title by language}; nothing where the text has but one. One query."""
    found: dict[int, dict[str, str]] = {}
    for row in version.wordings.only("section_id", "language", *_OF_TITLE):
        found.setdefault(row.section_id, {})[row.language] = row.title
    return {pk: titles for pk, titles in found.items() if len(titles) > 1}


def _give_subject(consultation: Consultation, row: Wording, titles: dict[str, str]) -> None:
    fields = {
        "title": row.title,
        "titles": titles,
        "text": html_to_text(row.body_html, SUBJECT_TEXT),
        "language": row.language,
    }
    section = row.section
    if section.subject is not None:
        Subject.objects.filter(pk=section.subject.pk).update(**fields, locked_at=None)
        return
    kind = SubjectKind.SECTION if section.kind in LEAVES else SubjectKind.PART
    section.subject = Subject.objects.create(
        process_id=consultation.process_id, kind=kind, **fields
    )
    section.save(update_fields=["subject"])


@transaction.atomic
def publish_version(
    actor: Any,
    *,
    consultation: Consultation,
    moved_by: Mapping[int, Sequence[int]],
    notes: Mapping[int, str] | None = None,
    note: Mapping[str, str] | None = None,
    language: str = "en",
) -> Version:
    """Publish the next version of the text, each change linked to what moved it.

    `moved_by` gives for a section's id the ids of the subjects (contributions of this process)
    that moved it; `notes` a sentence in `language` for a section; `note` says by language what is
    new. Positions and comments stay with their sections; sections that are gone are locked, not lost.
    """
    require(may_write_draft(actor, consultation))
    consultation = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("process", "current")
        .get(pk=consultation.pk)
    )
    version = consultation.versions.filter(published_at__isnull=True).first()
    if version is None or not version.wordings.exists():
        raise Refused(no("no_text", _("Write the next version of the text first."), 409))
    before = consultation.current
    if before is None or consultation.process.published_at is None:
        raise Refused(no("not_published", _("Publish the consultation first."), 409))
    changes = compare(before, version)
    if not changes:
        raise Refused(no("no_change", _("The text is the same as before."), 409))
    make_public(version)
    version.note = dict(note or {})
    version.save(update_fields=["note"])
    _record_changes(version, changes, moved_by, notes or {}, language)
    journal.record(
        EntryKind.VERSION_PUBLISHED,
        actor=actor,
        process=consultation.process,
        data={"version": version.number, "changes": len(changes)},
    )
    version.refresh_from_db()
    return version


def compare(before: Version, after: Version) -> list[Change]:
    """What changed from one version to the next, section by section; rows that are not saved.

    A change of words counts, and so does one of name, heading or parent part.
    """
    language = _first_language(after)
    old = _by_section(before, language)
    new = _by_section(after, language)
    changes = []
    for section_id, row in new.items():
        was = old.get(section_id)
        kind = _kind_of_change(was, row)
        if kind is not None:
            html = diff_html(_whole(was) if was else "", _whole(row))
            changes.append(
                Change(
                    version=after,
                    section=row.section,
                    kind=kind,
                    diff_html=str(html),
                    language=language,
                )
            )
    for section_id, was in old.items():
        if section_id not in new:
            html = diff_html(_whole(was), "")
            changes.append(
                Change(
                    version=after,
                    section=was.section,
                    kind=ChangeKind.REMOVED,
                    diff_html=str(html),
                    language=language,
                )
            )
    return changes


def _by_section(version: Version, language: str) -> dict[int, Wording]:
    rows = version.wordings.filter(language=language).select_related("section").order_by("order")
    return {row.section_id: row for row in rows}


def _whole(row: Wording) -> str:
    return f"{row.title}\n\n{row.body}".strip()


def _kind_of_change(was: Wording | None, now: Wording) -> ChangeKind | None:
    if was is None:
        return ChangeKind.ADDED
    if _whole(was) != _whole(now):
        return ChangeKind.CHANGED
    return ChangeKind.MOVED if was.parent_id != now.parent_id else None


def _record_changes(
    version: Version,
    changes: Sequence[Change],
    moved_by: Mapping[int, Sequence[int]],
    notes: Mapping[int, str],
    language: str,
) -> None:
    known = {change.section_id for change in changes}
    if set(moved_by) - known:
        message = _("A contribution cannot have moved a part that did not change.")
        raise Refused(no("not_changed", message, 400))
    wanted = {pk for ids in moved_by.values() for pk in ids}
    found = set(
        Subject.objects.filter(
            pk__in=wanted, process_id=version.consultation.process_id
        ).values_list("pk", flat=True)
    )
    if wanted - found:
        message = _("One of the contributions belongs to something else.")
        raise Refused(no("other_process", message, 400))
    for change in changes:
        change.note = clean_text(notes.get(change.section_id, "")).strip()
        change.note_language = language
    saved = Change.objects.bulk_create(changes)
    link = Change.moved_by.through
    link.objects.bulk_create(
        link(change_id=change.pk, subject_id=pk)
        for change in saved
        for pk in dict.fromkeys(moved_by.get(change.section_id, ()))
    )


@transaction.atomic
def discard_draft(actor: Any, *, consultation: Consultation) -> None:
    """Throw the unpublished version away."""
    require(may_write_draft(actor, consultation))
    version = consultation.versions.filter(published_at__isnull=True).first()
    if version is not None:
        version.removals.all().delete()
        version.wordings.all().delete()
        version.delete()
        Section.objects.filter(
            consultation=consultation, subject__isnull=True, wordings__isnull=True
        ).delete()
