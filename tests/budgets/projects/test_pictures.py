"""Pictures are decoded and written anew; what is no picture, or a trap, is refused."""

import os
import struct
import zlib
from datetime import timedelta
from io import BytesIO
from time import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from budgets.actions import pictures
from budgets.actions.pictures import attach_pictures, decode, remove_picture
from budgets.tasks import sweep_pictures
from common.verdicts import Refused
from tests.budgets.projects.ideas import picture, proposed

GPS = 0x8825
ORIENTATION = 0x0112


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def _kept(drawing):
    return Image.open(BytesIO(drawing.content))


@pytest.mark.parametrize(
    ("kind", "mode", "extension"),
    [
        ("JPEG", "RGB", "jpg"),
        ("JPEG", "L", "jpg"),
        ("JPEG", "CMYK", "jpg"),
        ("PNG", "RGB", "jpg"),
        ("PNG", "RGBA", "webp"),
        ("PNG", "LA", "webp"),
        ("PNG", "P", "jpg"),
        ("WEBP", "RGB", "jpg"),
    ],
)
def test_pictures_of_every_kind_are_written_anew(kind, mode, extension):
    size = (640, 480)
    held = BytesIO()
    Image.new(mode, size).save(held, kind)
    drawing = decode(SimpleUploadedFile("a", held.getvalue()), "A square")
    assert drawing.extension == extension
    assert (drawing.width, drawing.height) == _kept(drawing).size == size
    assert _kept(drawing).format == ("JPEG" if extension == "jpg" else "WEBP")
    assert drawing.content != held.getvalue()


def test_where_and_with_what_it_was_taken_is_forgotten():
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(GPS)[2] = (48.0, 51.0, 29.0)
    drawing = decode(picture(exif=exif, comment=b"Home of Alice"), "A square")
    assert not _kept(drawing).getexif()
    assert b"Alice" not in drawing.content
    assert b"Maker" not in drawing.content


def test_a_picture_that_lies_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    drawing = decode(picture(size=(400, 200), exif=exif), "A tower")
    assert (drawing.width, drawing.height) == (200, 400)


def test_a_large_picture_is_made_smaller():
    drawing = decode(picture(size=(5000, 1000)), "A long wall")
    assert (drawing.width, drawing.height) == (2000, 400)


def test_a_script_behind_the_pixels_is_not_kept():
    honest = picture().read()
    sly = SimpleUploadedFile("x.jpg", honest + b"<script>alert(1)</script>")
    assert b"<script>" not in decode(sly, "A square").content


def _png_that_claims(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"GIF89a" + b"\0" * 40,
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"RIFF\x10\0\0\0WEBPVP8 ",
        _png_that_claims(50_000, 50_000),
        _png_that_claims(8_000, 8_000),
        _png_that_claims(2**31 - 1, 1),
        _png_that_claims(0, 0),
    ],
)
def test_what_is_no_picture_or_a_trap_is_refused(content):
    with pytest.raises(Refused) as refused:
        decode(SimpleUploadedFile("a.jpg", content, "image/jpeg"), "A square")
    assert refused.value.verdict.code in ("not_a_picture", "too_large")


def test_a_picture_that_is_drawn_a_thousand_times_over_is_refused():
    honest = picture(size=(64, 64), progressive=True).read()
    start = honest.index(b"\xff\xda")
    end = honest.index(b"\xff", start + 2 + honest[start + 3])
    bomb = honest[:start] + honest[start:end] * 1000 + honest[start:]
    with pytest.raises(Refused) as refused:
        decode(SimpleUploadedFile("a.jpg", bomb), "A square")
    assert refused.value.verdict.code == "not_a_picture"


def test_a_picture_with_a_clear_colour_stays_clear():
    held = BytesIO()
    Image.new("P", (40, 30)).save(held, "PNG", transparency=0)
    drawing = decode(SimpleUploadedFile("a.png", held.getvalue()), "A plan")
    assert drawing.extension == "webp"
    assert _kept(drawing).convert("RGBA").getpixel((5, 5))[3] == 0


def test_half_a_picture_is_refused():
    whole = picture(size=(800, 800), kind="PNG").read()
    with pytest.raises(Refused):
        decode(SimpleUploadedFile("a.png", whole[: len(whole) // 2]), "A square")


@pytest.mark.parametrize("alt", ["", "  \n", "x" * 301])
def test_every_picture_says_what_it_shows(alt):
    with pytest.raises(Refused) as refused:
        decode(picture(), alt)
    assert refused.value.verdict.code in ("no_alt", "too_long")


def test_a_project_has_six_pictures_at_most(proposing, alice):
    project = proposed(proposing, alice)
    drawings = [decode(picture(), f"Side {n}") for n in range(4)]
    attach_pictures(alice, project=project, pictures=drawings)
    with pytest.raises(Refused) as refused:
        attach_pictures(alice, project=project, pictures=drawings[:3])
    assert refused.value.verdict.code == "too_many_pictures"
    attach_pictures(alice, project=project, pictures=drawings[:2])
    assert project.pictures.count() == pictures.MOST


def test_who_added_a_picture_takes_it_away_with_its_file(
    proposing, alice, charlie, nobody, media, django_capture_on_commit_callbacks
):
    project = proposed(proposing, alice)
    [row] = attach_pictures(alice, project=project, pictures=[decode(picture(), "A square")])
    assert (media / row.file.name).exists()
    for person, status in ((charlie, 403), (nobody, 401)):
        with pytest.raises(Refused) as refused:
            remove_picture(person, picture_id=row.pk)
        assert refused.value.verdict.status == status
    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(alice, picture_id=row.pk)
    assert not (media / row.file.name).exists()
    row.refresh_from_db()
    assert row.removed_at is not None
    with pytest.raises(Refused):
        remove_picture(alice, picture_id=row.pk)


def _grow_old(path):
    then = time() - timedelta(days=1, minutes=1).total_seconds()
    os.utime(path, (then, then))


def test_a_file_whose_transaction_failed_is_swept_away_after_a_day(proposing, alice, media):
    project = proposed(proposing, alice)
    [kept] = attach_pictures(alice, project=project, pictures=[decode(picture(), "A square")])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        attach_pictures(alice, project=project, pictures=[decode(picture(), "A tower")])
        1 / 0  # noqa: B018
    files = {file for file in media.rglob("*") if file.is_file()}
    assert len(files) == 2, "the second file has no row"
    assert sweep_pictures() == 0, "it may belong to a transaction that is not over"
    for file in files:
        _grow_old(file)
    assert (sweep_pictures(), sweep_pictures()) == (1, 0)
    assert [file for file in media.rglob("*") if file.is_file()] == [media / kept.file.name]


def test_a_file_that_stayed_when_its_picture_was_removed_is_swept_away(proposing, alice, media):
    project = proposed(proposing, alice)
    [row] = attach_pictures(alice, project=project, pictures=[decode(picture(), "A square")])
    remove_picture(alice, picture_id=row.pk)  # never committed, so that the file stays
    _grow_old(media / row.file.name)
    assert sweep_pictures() == 1
    assert not (media / row.file.name).exists()


def test_sweeping_where_nobody_ever_sent_a_picture_does_nothing(db):
    assert sweep_pictures() == 0
