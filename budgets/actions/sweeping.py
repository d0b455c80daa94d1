"""Files of pictures that no row shows: what a transaction that failed, or a crash, left behind."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage, default_storage
from django.utils import timezone

from budgets.models import Picture

FOLDER = "budgets"  # where `Picture.file` is kept
REST = timedelta(days=1)  # a younger file may belong to a row that is not committed yet


def sweep_pictures() -> int:
    """Delete files that are older than a day and belong to no picture, or to one that was taken away.
    How many. One query for each folder; twice does no harm."""
    return sum(_sweep(default_storage, folder, names) for folder, names in _files(default_storage))


def _files(storage: Storage) -> Iterator[tuple[str, list[str]]]:
    """(folder, names of its files): year by year, month by month."""
    waiting = [FOLDER]
    while waiting:
        folder = waiting.pop()
        try:
            folders, names = storage.listdir(folder)
        except FileNotFoundError:  # nobody has sent a picture yet
            continue
        waiting += [f"{folder}/{name}" for name in sorted(folders)]
        yield folder, names


def _sweep(storage: Storage, folder: str, names: list[str]) -> int:
    until = timezone.now() - REST
    old = {path for name in names if _is_older(storage, path := f"{folder}/{name}", until)}
    if not old:
        return 0
    shown = Picture.objects.filter(file__startswith=f"{folder}/", removed_at__isnull=True)
    lost = old.difference(shown.values_list("file", flat=True))
    for path in lost:
        storage.delete(path)
    return len(lost)


def _is_older(storage: Storage, path: str, moment: datetime) -> bool:
    try:
        return storage.get_modified_time(path) < moment
    except FileNotFoundError:  # just taken away by its owner
        return False
