"""A part is taken out of the text that is being written, and can be put back until it is published."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.verdicts import Refused, no, require
from consultations.actions.text import (
    renumber,
    require_unpublished,
    rows_by_language,
    span,
)
from consultations.models import Removal, Wording
from consultations.permissions import may_write_draft

_KEPT = (
    "level", "label", "number", "heading", "body", "body_html", "explanation", "explanation_html",
    "law_changes",
)  # fmt: skip
_PARKED = 2_000_000  # a place of its own until all are numbered anew


@transaction.atomic
def remove_wording(actor: Any, *, wording: Wording) -> Removal:
    """Take one part out of the unpublished text, in every language; what is under it moves one
    level up. The removal can be undone by `restore_wording`."""
    require_unpublished(actor, wording)
    version = wording.version
    by_language = rows_by_language(version)
    kept: dict[str, dict[str, Any]] = {}
    after_id, under = None, []
    for language, rows in by_language.items():
        start = next(i for i, row in enumerate(rows) if row.section_id == wording.section_id)
        kept[language] = {name: getattr(rows[start], name) for name in _KEPT}
        after_id = rows[start - 1].section_id if start else None
        beneath = rows[start + 1 : span(rows, start)]
        under = [row.section_id for row in beneath]
        for row in beneath:
            row.level -= 1
        del rows[start]
    version.wordings.filter(section_id=wording.section_id).delete()
    renumber(version, by_language)
    removal, _created = Removal.objects.update_or_create(
        version=version,
        section_id=wording.section_id,
        defaults={"after_id": after_id, "under": under, "rows": kept, "removed_by": actor},
    )
    return removal


@transaction.atomic
def restore_wording(actor: Any, *, removal: Removal) -> None:
    """Put a removed part back behind the part that it followed, with its words in every language
    that the text still has. What stood under it, and still follows, stands under it again.

    Raises Refused when the version is published, or the part is in the text already.
    """
    version = removal.version
    require(may_write_draft(actor, version.consultation))
    if version.published_at is not None:
        message = _("This version is published. Changes go into the next one.")
        raise Refused(no("published", message, 409))
    if version.wordings.filter(section_id=removal.section_id).exists():
        raise Refused(no("in_the_text", _("That part is in the text already."), 409))
    by_language = rows_by_language(version)
    languages = list(by_language) or list(removal.rows)
    for language in languages:
        fields = removal.rows.get(language)
        if fields is None:  # a language that came later: its name only
            first = next(iter(removal.rows.values()))
            fields = {name: first[name] for name in ("level", "label", "number")}
        row = Wording(
            version=version,
            section_id=removal.section_id,
            language=language,
            order=_PARKED,
            **fields,
        )
        _put_back(by_language.setdefault(language, []), row, removal)
        row.save()
    renumber(version, by_language)
    removal.delete()


def _put_back(rows: list[Wording], row: Wording, removal: Removal) -> None:
    """Insert the row where it stood, as far as that place is still there."""
    ids = [other.section_id for other in rows]
    place = ids.index(removal.after_id) + 1 if removal.after_id in ids else 0
    if removal.after_id is not None and removal.after_id not in ids:
        place = len(rows)
    deepest = rows[place - 1].level + 1 if place else 0
    row.level = min(row.level, deepest)
    end = place
    while end < len(rows) and rows[end].section_id in removal.under:
        rows[end].level += 1
        end += 1
    rows.insert(place, row)
