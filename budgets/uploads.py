"""Pictures on a form: new files, and those that wait because the form had an error.

What was uploaded is decoded at once and held, so that a form that comes back keeps its pictures without
a script. A held picture has a signed ticket in the form, good for its person and for a day.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.actions.pictures import ALT_LIMIT, MOST, Drawing, decode
from common.html import clean_text, shorten
from common.verdicts import Refused

FOLDER = "held"
DAY = timedelta(days=1)
SWEPT = 50  # old files that are taken away when one is held
_SALT = "budgets.held-picture"


@dataclass(slots=True)
class Row:
    """One picture of the form: `ticket` and `name` of a held one, what it shows, what is wrong."""

    number: int
    alt: str = ""
    ticket: str = ""
    name: str = ""
    error: str = ""
    drawing: Drawing | None = None

    @property
    def field(self) -> str:
        """The name of its file input."""
        return f"picture_{self.number}"


class PictureRows:
    """The pictures of a form; `free` is how many more the project may have."""

    def __init__(self, free: int = MOST) -> None:
        self.rows = [Row(number) for number in range(1, max(0, min(free, MOST)) + 1)]

    @property
    def has_errors(self) -> bool:
        return any(row.error for row in self.rows)

    @property
    def errors(self) -> list[Row]:
        return [row for row in self.rows if row.error]

    @property
    def first(self) -> list[Row]:
        """What is shown at once: what is used, and one more."""
        used = [row for row in self.rows if row.ticket or row.error or row.alt]
        return self.rows[: max(1, len(used) + 1, *(row.number for row in used), 0)]

    @property
    def others(self) -> list[Row]:
        """What stands folded."""
        return self.rows[len(self.first) :]

    @property
    def drawings(self) -> list[Drawing]:
        """The pictures that can be kept."""
        return [row.drawing for row in self.rows if row.drawing is not None]

    def read(self, person: Any, fields: Mapping[str, Any], files: Mapping[str, Any]) -> None:
        """Take what somebody sent: files, words, tickets. A wrong one gets an error in its row."""
        for row in self.rows:
            row.alt = " ".join(clean_text(fields.get(f"alt_{row.number}", "")).split())
            upload, ticket = files.get(row.field), fields.get(f"held_{row.number}", "")
            if upload is not None:
                _decode(row, person, upload)
            elif ticket and fields.get(f"drop_{row.number}") != "on":
                _take(row, person, ticket)
            if row.drawing is not None:
                row.drawing = replace(row.drawing, alt=row.alt)
                _require_alt(row)

    def release(self) -> None:
        """Take away what was held: it is kept now."""
        for row in self.rows:
            if row.ticket and row.drawing is not None:
                _delete(signing.loads(row.ticket, salt=_SALT)["file"])


def _decode(row: Row, person: Any, upload: Any) -> None:
    """Decode and hold a new file, or say what is wrong with it."""
    row.name = shorten(clean_text(upload.name or ""), 60)
    try:
        row.drawing = decode(upload, "…")
    except Refused as refused:
        row.error = str(refused.verdict.message)
    else:
        row.ticket = hold(person, row.drawing, row.name)


def _require_alt(row: Row) -> None:
    """Every picture says what it shows; the picture itself is held meanwhile."""
    if not row.alt:
        row.error = _("Say in a few words what the picture shows, for people who do not see it.")
    elif len(row.alt) > ALT_LIMIT:
        row.error = _("Describe the picture in fewer words.")


def hold(person: Any, drawing: Drawing, name: str) -> str:
    """Keep a picture for a day; the ticket for it."""
    _sweep()
    file = default_storage.save(
        f"{FOLDER}/{uuid4().hex}.{drawing.extension}", ContentFile(drawing.content)
    )
    ticket = {
        "file": file, "person": person.pk, "name": name, "extension": drawing.extension,
        "width": drawing.width, "height": drawing.height,
    }  # fmt: skip
    return signing.dumps(ticket, salt=_SALT)


def _take(row: Row, person: Any, ticket: str) -> None:
    """What a ticket stands for, if it is this person's and not too old."""
    try:
        held = signing.loads(ticket, salt=_SALT, max_age=DAY)
        if held["person"] != person.pk:
            raise signing.BadSignature
        with default_storage.open(held["file"]) as file:
            content = file.read()
    except (signing.BadSignature, OSError):
        row.error = _("This picture is not here any more. Choose it again.")
        return
    row.ticket, row.name = ticket, held["name"]
    row.drawing = Drawing(content, held["extension"], held["width"], held["height"], row.alt)


def _sweep() -> None:
    """Take away what has been held for longer than a day."""
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except OSError:
        return
    too_old = timezone.now() - DAY
    for name in files[:SWEPT]:
        path = f"{FOLDER}/{name}"
        with contextlib.suppress(OSError):
            if default_storage.get_modified_time(path) < too_old:
                _delete(path)


def _delete(path: str) -> None:
    with contextlib.suppress(OSError):
        default_storage.delete(path)
