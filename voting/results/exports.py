"""Files of single answers, made in the background: with progress, resumed after a crash.

The rows are first kept in parts, one file for each chunk, named by the number of rows before it; a
part is complete or not there, for it is renamed when it is written. Then the parts become one file.
Whoever is killed loses a chunk at most: the next run goes on after the last part that the row knows.
"""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from voting.models import Ballot, Export
from voting.results.answer_rows import Labels, chunk, head, keys
from voting.results.files import SHEET_LIMIT, csv_lines, new_book, write_sheet
from voting.results.flat import Cell

log = structlog.get_logger(__name__)

CHUNK = 2000  # rows of a part
QUIET = timedelta(seconds=90)  # without a sign of life for so long, a run is taken for dead
MOST_ATTEMPTS = 5
KEPT = timedelta(days=7)  # files hold personal data; they do not stay
FORMATS = ("csv", "xlsx", "jsonl")


class Lost(Exception):
    """Another run has taken this export over."""


class TooLarge(Exception):
    """More rows than the format can hold."""


def run(export_id: int) -> bool:
    """Make the file of one export, or go on where a dead run stopped. Whether it was this call.

    Memory does not grow with the number of answers. What fails is written in the row, in words.
    """
    attempt = _claim(export_id)
    if attempt is None:
        return False
    export = Export.objects.select_related("poll__process__organisation").get(pk=export_id)
    export.attempts = attempt
    try:
        with translation.override(export.languages[0] if export.languages else None):
            _write_parts(export)
            _assemble(export)
    except Lost:
        return False
    except TooLarge:
        _fail(export, _("This format holds fewer rows than there are answers. Choose another."))
    except Exception as error:
        log.exception("export_failed", export=export_id)
        _fail(export, f"{type(error).__name__}: {error}"[:500])
        raise
    return True


def waiting() -> list[int]:
    """Exports that nobody works on: new ones, and those whose run gave no sign of life."""
    rows = Export.objects.filter(finished_at__isnull=True, failed_at__isnull=True)
    return list(rows.filter(_is_free()).values_list("pk", flat=True))


def forget_old() -> int:
    """Delete the files of exports that are a week old; their rows stay. How many."""
    old = Export.objects.filter(created_at__lt=Now() - KEPT).exclude(path="")
    rows = list(old)
    for export in rows:
        file_of(export).unlink(missing_ok=True)
        shutil.rmtree(_parts_folder(export), ignore_errors=True)
        Export.objects.filter(pk=export.pk).update(path="")
    return len(rows)


def file_of(export: Export) -> Path:
    """Where the file is, or will be; in a folder that no address leads to."""
    return Path(settings.MEDIA_ROOT) / export.path


def _is_free() -> Q:
    return Q(claimed_at__isnull=True) | Q(claimed_at__lt=Now() - QUIET)


def _claim(export_id: int) -> int | None:
    """Take the export, by one conditional UPDATE; the number of this attempt, or None."""
    free = Export.objects.filter(
        _is_free(), pk=export_id, finished_at__isnull=True, failed_at__isnull=True
    )
    if not free.update(claimed_at=Now(), attempts=F("attempts") + 1):
        return None
    export = Export.objects.get(pk=export_id)
    if export.attempts > MOST_ATTEMPTS:
        _fail(export, _("It stopped several times without a word. Please tell an administrator."))
        return None
    return int(export.attempts)


def _fail(export: Export, sentence: str) -> None:
    Export.objects.filter(pk=export.pk, attempts=export.attempts).update(
        failed_at=Now(), error=sentence
    )


def _tell(export: Export, **values: object) -> None:
    """Write progress, which is also the sign of life. Raises Lost if another run took over."""
    mine = Export.objects.filter(pk=export.pk, attempts=export.attempts, finished_at__isnull=True)
    if not mine.update(claimed_at=Now(), **values):
        raise Lost


def _parts_folder(export: Export) -> Path:
    path = file_of(export)
    return path.with_name(f"{path.name}.parts")


def _part(export: Export, before: int) -> Path:
    return _parts_folder(export) / f"{before}.jsonl"


def _write_parts(export: Export) -> None:
    poll = export.poll
    folder = _parts_folder(export)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    total = Ballot.objects.counted(poll).count()
    if export.format == "xlsx" and total > SHEET_LIMIT:
        raise TooLarge
    _tell(export, total_count=total)
    after = _mark_of(export)
    done = export.done_count
    labels = Labels()
    while True:
        rows, after, last = chunk(poll, after, CHUNK, labels)
        if not rows:
            return
        _keep(_part(export, done), rows)
        done += len(rows)
        _tell(export, done_count=done, resume_after=last)
        export.done_count = done


def _mark_of(export: Export) -> str:
    """The mark after which an earlier run stopped, or ""."""
    if export.resume_after is None:
        return ""
    return str(Ballot.objects.values_list("mark", flat=True).get(pk=export.resume_after))


def _keep(path: Path, rows: list[list[Cell]]) -> None:
    """A part is whole or not there."""
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _rows(export: Export) -> Iterator[list[Cell]]:
    """All rows of the parts, each after as many as its name says; a sign of life after each part.

    Raises FileNotFoundError where a part is missing: half a file is none.
    """
    before = 0
    while before < export.done_count:
        with _part(export, before).open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
                before += 1
        _tell(export)


def _assemble(export: Export) -> None:
    """One file out of the parts, then the parts go."""
    path = file_of(export)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    names = head(export.poll)
    if export.format == "xlsx":
        book = new_book(str(draft))
        write_sheet(book, _("Answers"), names, _rows(export))
        book.close()
    else:
        rows = _rows(export)
        is_json = export.format == "jsonl"
        lines = _json_lines(keys(export.poll), rows) if is_json else csv_lines(names, rows)
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    draft.chmod(0o600)
    _tell(export)
    draft.replace(path)
    _tell(export, finished_at=Now())
    shutil.rmtree(_parts_folder(export), ignore_errors=True)


def _json_lines(names: list[str], rows: Iterator[list[Cell]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n"
