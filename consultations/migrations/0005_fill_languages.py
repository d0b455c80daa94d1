"""What was written before languages stood beside it: titles of articles, and the words of changes."""

from typing import Any

from django.db import migrations
from django.db.models import F

BATCH = 500


def fill_titles(apps: Any, schema_editor: Any) -> None:
    """Titles of parts whose current text exists in more than one language."""
    wordings = apps.get_model("consultations", "Wording").objects
    consultations = apps.get_model("consultations", "Consultation").objects
    subjects = apps.get_model("processes", "Subject").objects
    for version_id in consultations.exclude(current=None).values_list("current", flat=True):
        rows = wordings.filter(version=version_id, section__subject__isnull=False)
        if rows.order_by().values("language").distinct().count() < 2:
            continue
        titles: dict[int, dict[str, str]] = {}
        for row in rows.only("language", "label", "number", "heading", "body", "section").annotate(
            subject_id=F("section__subject_id")
        ):
            titles.setdefault(row.subject_id, {})[row.language] = _title(row)
        changed = list(subjects.filter(pk__in=titles).only("pk"))
        for subject in changed:
            subject.titles = titles[subject.pk]
        subjects.bulk_update(changed, ["titles"], batch_size=BATCH)


def _title(row: Any) -> str:
    name = row.label or row.number
    if name and row.heading:
        return f"{name} – {row.heading}"
    return name or row.heading or row.body[:80]


def fill_changes(apps: Any, schema_editor: Any) -> None:
    """Words were compared, and notes written, in the first language of the text."""
    changes = apps.get_model("consultations", "Change").objects
    versions = apps.get_model("consultations", "Version").objects
    for version in versions.filter(changes__isnull=False).distinct():
        present = set(version.wordings.values_list("language", flat=True))
        ordered = [*version.consultation.process.languages, *sorted(present)]
        first = next((code for code in ordered if code in present), None)
        if first is not None:
            changes.filter(version=version).update(language=first, note_language=first)


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0004_languages"),
        ("processes", "0005_titles"),
    ]

    operations = [
        migrations.RunPython(fill_titles, migrations.RunPython.noop),
        migrations.RunPython(fill_changes, migrations.RunPython.noop),
    ]
