"""Pictures of projects and of what is built: decoded, written anew, kept without what cameras add."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from budgets.models import Picture, Project, Report
from budgets.permissions import may_remove_picture
from common.html import clean_text
from common.resources import NOT_FOUND
from common.verdicts import Refused, no, require

MOST = 6  # pictures of one project, or of one report on it
LONGEST_SIDE = 2000  # pixels of what is kept
# Pixels of what is accepted; a few kilobytes can claim a thousand times more. JPEG is decoded small.
LARGEST = {"JPEG": 50_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
SCANS = (
    100  # of a progressive JPEG: each goes over the whole picture, and honest ones have about ten
)
ALT_LIMIT = 300  # characters
READ = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, OverflowError,
           MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning)  # fmt: skip

NOT_A_PICTURE = no(
    "not_a_picture",
    gettext_lazy("This is not a picture that can be read. Send a JPEG, PNG or WebP file."),
    400,
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as it will be kept: JPEG, or WebP where it is transparent. Sides in pixels."""

    content: bytes
    extension: str
    width: int
    height: int
    alt: str


def decode(upload: BinaryIO, alt: str) -> Drawing:
    """What is kept of an uploaded picture; nothing but its pixels: no place, no camera, no script.

    Takes JPEG, PNG and WebP of at most LARGEST pixels; of several frames the first. Raises Refused.
    """
    alt = " ".join(clean_text(alt).split())
    if not alt:
        message = _("Say in a few words what the picture shows, for people who do not see it.")
        raise Refused(no("no_alt", message, 400))
    if len(alt) > ALT_LIMIT:
        raise Refused(no("too_long", _("Describe the picture in fewer words."), 400))
    if _scans(upload) > SCANS:
        raise Refused(NOT_A_PICTURE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=READ) as image:
                return _drawn(image, alt)
    except _BROKEN:
        raise Refused(NOT_A_PICTURE) from None


def _scans(upload: BinaryIO) -> int:
    """How many scans a JPEG has: its marker cannot stand within a scan. A few others do no harm."""
    upload.seek(0)
    number = upload.read().count(b"\xff\xda")
    upload.seek(0)
    return number


def _drawn(image: Image.Image, alt: str) -> Drawing:
    """The picture upright, small enough, in plain colours. No copy of it is as large as it came."""
    if image.width * image.height > LARGEST[image.format or "PNG"]:
        message = _("This picture has too many pixels. Send a smaller one.")
        raise Refused(no("too_large", message, 400))
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    is_clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if is_clear else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(plain)
    bare = Image.new(mode, upright.size)
    bare.paste(upright)
    content = BytesIO()
    if is_clear:
        bare.save(content, "WEBP", quality=82, method=4)
    else:
        bare.save(content, "JPEG", quality=82, optimize=True, progressive=True)
    extension = "webp" if is_clear else "jpg"
    return Drawing(content.getvalue(), extension, bare.width, bare.height, alt)


@transaction.atomic
def attach_pictures(
    actor: Any, *, project: Project, pictures: Sequence[Drawing], report: Report | None = None
) -> list[Picture]:
    """Put pictures beside a project or a report on it; whoever calls has asked whether they may.

    Two queries. Files whose rows the database refuses are taken away again.
    """
    there = Picture.objects.filter(project=project, report=report, removed_at__isnull=True).count()
    if there + len(pictures) > MOST:
        message = _("There can be %(number)s pictures at most.") % {"number": MOST}
        raise Refused(no("too_many_pictures", message, 400))
    rows = []
    for drawing in pictures:
        row = Picture(
            project=project,
            report=report,
            width=drawing.width,
            height=drawing.height,
            alt=drawing.alt,
            added_by=actor,
        )
        name = f"{uuid4().hex}.{drawing.extension}"
        row.file.save(name, ContentFile(drawing.content), save=False)
        rows.append(row)
    try:
        return Picture.objects.bulk_create(rows)
    except Exception:
        for row in rows:
            row.file.storage.delete(str(row.file.name))
        raise


@transaction.atomic
def remove_picture(actor: Any, *, picture_id: int) -> Picture:
    """Take one's picture away for good: its file goes when the transaction ends, its row stays."""
    picture = Picture.objects.filter(pk=picture_id, removed_at__isnull=True).first()
    if picture is None:
        raise Refused(NOT_FOUND)
    require(may_remove_picture(actor, picture))
    claimed = Picture.objects.filter(pk=picture.pk, removed_at__isnull=True)
    if claimed.update(removed_at=Now()):
        storage, name = picture.file.storage, str(picture.file.name)
        transaction.on_commit(lambda: storage.delete(name))
    return picture
