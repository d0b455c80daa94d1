"""The text of a version as it is read: rows in reading order, cut into pages, and their tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.prepared import Prepared
from common.ui.contents import Entry
from consultations.drafting.model import LEAVES
from consultations.kinds import ChangeKind
from consultations.models import Change, Version, Wording

PAGE_ARTICLES = 60  # articles on one page of a long text

_COLUMNS = (
    "section_id",
    "section__kind",
    "level",
    "label",
    "number",
    "heading",
    "section__subject_id",
    "section__subject__agree_count",
    "section__subject__mixed_count",
    "section__subject__disagree_count",
    "section__subject__comment_count",
    "section__subject__amendment_count",
    "section__subject__new_article_count",
)


@dataclass(slots=True)
class Row:
    """One part or article. `subject_id` is None where nothing can be said about it yet."""

    section_id: int
    kind: str
    level: int
    label: str
    number: str
    heading: str
    subject_id: int | None
    agree: int
    mixed: int
    disagree: int
    comments: int
    amendments: int
    new_articles: int
    page: int = 1
    body_html: str = ""
    note: str = ""

    @property
    def is_article(self) -> bool:
        return self.kind in LEAVES

    @property
    def name(self) -> str:
        return self.label or self.number


def languages_of(version: Version, process_languages: Sequence[str]) -> list[str]:
    """The languages that the version exists in, the process's first. No query if it has but one."""
    if len(process_languages) == 1:
        return list(process_languages)
    present = set(
        Wording.objects.filter(version=version)
        .order_by()
        .values_list("language", flat=True)
        .distinct()
    )
    ordered = [code for code in process_languages if code in present]
    return ordered + sorted(present.difference(ordered))


def language_for(present: Sequence[str], asked: str = "") -> str:
    """The one to show: what was asked for, else the reader's own, else the first."""
    for code in (asked, get_language() or ""):
        if code in present:
            return code
    return present[0] if present else ""


def rows_of(version: Version, language: str) -> list[Row]:
    """All parts and articles in reading order, with counts and without their words. One query."""
    return [
        Row(*(value if value is not None else 0 for value in row.values()))
        for row in _TREE.all(version_id=version.pk, language=language)
    ]


def _tree(version_id: int, language: str) -> QuerySet[Any, Any]:
    rows = Wording.objects.filter(version=version_id, language=language)
    return rows.order_by("order").values(*_COLUMNS)


def _words(version_id: int, language: str) -> QuerySet[Any, Any]:
    rows = Wording.objects.filter(version=version_id, language=language)
    return rows.order_by().values("section_id", "body_html")


_TREE: Prepared[dict[str, Any]] = Prepared(_tree, language=str)
_WORDS: Prepared[dict[str, Any]] = Prepared(_words, language=str)


def cut(rows: Sequence[Row], most: int = PAGE_ARTICLES) -> int:
    """Set each row's `page`: whole top-level parts together where they fit. The number of pages."""
    page, articles = 1, 0
    for index, row in enumerate(rows):
        starts_part = row.level == 0
        ahead = _articles_in_part(rows, index) if starts_part else 1
        is_full = articles + ahead > most if starts_part else articles >= most and row.is_article
        if is_full and articles:
            page, articles = page + 1, 0
        row.page = page
        articles += row.is_article
    return page


def _articles_in_part(rows: Sequence[Row], start: int) -> int:
    number = int(rows[start].is_article)
    for row in rows[start + 1 :]:
        if row.level == 0:
            break
        number += row.is_article
    return number


def add_words(rows: Iterable[Row], version: Version, language: str, *, is_all: bool) -> None:
    """Set `body_html` of these rows (`is_all`: they are the whole version). One query."""
    by_section = {row.section_id: row for row in rows}
    if is_all:
        found = _WORDS.all(version_id=version.pk, language=language)
    else:
        wanted = Wording.objects.filter(version=version, language=language, section__in=by_section)
        found = list(wanted.values("section_id", "body_html"))
    for row in found:
        by_section[row["section_id"]].body_html = row["body_html"]


def add_notes(rows: Iterable[Row], version: Version) -> None:
    """Set `note` where the version changed something. One query; none for a first version."""
    if version.number == 1:
        return
    words: dict[str, Any] = {
        ChangeKind.ADDED: _("new"),
        ChangeKind.CHANGED: _("changed"),
        ChangeKind.MOVED: _("moved"),
    }
    kinds = dict(Change.objects.filter(version=version).values_list("section_id", "kind"))
    for row in rows:
        row.note = words.get(kinds.get(row.section_id, ""), "")


def tree(rows: Sequence[Row], address: str) -> list[Entry]:
    """The contents: `address` is the page of the draft, "" or with its query."""
    roots: list[Entry] = []
    above: list[tuple[int, Entry]] = []
    separator = "&" if "?" in address else "?"
    for row in rows:
        page = f"{address}{separator}page={row.page}" if row.page > 1 else address
        entry = Entry(
            number=row.name,
            heading=row.heading,
            href=f"{page}#{anchor(row)}",
            agree=row.agree,
            mixed=row.mixed,
            disagree=row.disagree,
            contributions=row.comments + row.amendments + row.new_articles,
            note=row.note,
        )
        while above and above[-1][0] >= row.level:
            above.pop()
        (above[-1][1].children if above else roots).append(entry)
        if not row.is_article:
            above.append((row.level, entry))
    return roots


def anchor(row: Row) -> str:
    """Where the row stands on its page."""
    return f"part-{row.subject_id}" if row.subject_id else f"section-{row.section_id}"
