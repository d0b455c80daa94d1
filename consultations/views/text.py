"""The draft as a whole, and one article through its versions."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import works_for
from common.html import SafeHTML, trusted
from common.pages import public_page
from common.texts import Crumb, Localized
from common.ui.contents import Entry
from consultations.models import Change, Section, Version, Wording
from consultations.permissions import may_propose
from consultations.results import movers_of
from consultations.sheet import text_html
from consultations.text import (
    Row,
    add_notes,
    add_words,
    cut,
    language_for,
    languages_of,
    rows_of,
    tree,
)
from consultations.views.frame import Frame, frame_of
from processes.models import Subject

_BIGGEST = 1_000_000
NOTHING = Localized("", "")


def _number(text: str) -> int | None:
    """A small positive whole number, or None."""
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) < _BIGGEST:
        return int(text[:9])
    return None


def _version(request: HttpRequest, frame: Frame) -> Version | None:
    """The version asked for, else the current one; before publication the one being written.

    Http404 for a version that is not there or not for this reader. One query at most.
    """
    asked = request.GET.get("version", "")
    current = frame.consultation.current
    number = _number(asked)
    if (not asked and current is not None) or (current is not None and number == current.number):
        return current
    versions = Version.objects.filter(consultation=frame.consultation)
    if not works_for(request.user, frame.process.organisation_id):
        versions = versions.filter(published_at__isnull=False)
    if not asked:
        return versions.order_by("-number").first()
    found = versions.filter(number=number).first() if number else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """One page of the text: what of it is shown, in which language, and what is beside it."""

    version: Version
    language: str
    languages: list[tuple[str, str, str, bool]]
    rows: list[Row]
    page: int
    pages: int
    contents: list[Entry]
    html: SafeHTML
    address: str

    @property
    def previous_href(self) -> str:
        return self._page(self.page - 1) if self.page > 1 else ""

    @property
    def next_href(self) -> str:
        return self._page(self.page + 1) if self.page < self.pages else ""

    def _page(self, number: int) -> str:
        return f"{self.address}{'&' if '?' in self.address else '?'}page={number}"


def _reading(request: HttpRequest, frame: Frame, version: Version) -> Reading:
    """At most four queries, whatever the length of the text."""
    present = languages_of(version, frame.process.languages)
    language = language_for(present, request.GET.get("text", ""))
    rows = rows_of(version, language)
    pages = cut(rows)
    page = min(_number(request.GET.get("page", "")) or 1, pages)
    add_notes(rows, version)
    shown = [row for row in rows if row.page == page]
    add_words(shown, version, language, is_all=pages == 1)
    query = {name: request.GET[name] for name in ("version", "text") if request.GET.get(name)}
    address = f"{request.path}?{urlencode(query)}" if query else request.path
    href = frame.href if frame.consultation.current_id else ""
    return Reading(
        version, language, _switch(request, present, language), shown, page, pages,
        tree(rows, address), text_html(shown, href, language), address,
    )  # fmt: skip


def _switch(
    request: HttpRequest, present: list[str], current: str
) -> list[tuple[str, str, str, bool]]:
    """(code, name, address, is current) of each language of the text; nothing where there is one."""
    if len(present) < 2:
        return []
    names = dict(settings.LANGUAGES)
    rest = {k: request.GET[k] for k in ("version", "page") if request.GET.get(k)}
    return [
        (code, str(names.get(code, code)), f"?{urlencode(rest | {'text': code})}", code == current)
        for code in present
    ]


@require_safe
@public_page(seconds=15, parameters=("version", "text", "page"))
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """The text with its tree and the counts beside each article. At most six queries of its own."""
    frame = frame_of(request.user, slug, "text")
    version = _version(request, frame)
    context: dict[str, Any] = {"frame": frame, "version": version}
    if version is not None:
        context["reading"] = _reading(request, frame, version)
        current = frame.consultation.current
        context["is_old"] = current is not None and version.number < current.number
        context["is_unpublished"] = version.published_at is None
        context["may_propose"] = may_propose(request.user, frame.process)
    return render(request, "consultations/draft.html", context)


@require_safe
@public_page(seconds=15, parameters=("text",))
def history(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """One article through the versions: what changed, and who moved it. Four queries of its own."""
    frame = frame_of(request.user, slug, "text")
    section = (
        Section.objects.select_related("subject")
        .defer("subject__search", "subject__sample", "subject__text")
        .filter(consultation=frame.consultation, subject=subject_id)
        .first()
    )
    if section is None:
        raise Http404
    rows = (
        Wording.objects.filter(section=section, version__published_at__isnull=False)
        .select_related("version")
        .defer("law_changes", "explanation", "explanation_html", "body")
        .order_by("-version__number")
    )
    wordings = list(rows)
    language = language_for(
        [code for code in frame.process.languages if any(row.language == code for row in wordings)],
        request.GET.get("text", ""),
    )
    subject: Any = section.subject
    title = Localized(subject.titles.get(language) or subject.title,
                      language if language in subject.titles else subject.language)  # fmt: skip
    context = {
        "frame": frame,
        "subject": section.subject,
        "title": title,
        "article_href": f"{frame.href}articles/{section.subject_id}/",
        "language": language,
        "states": _states(
            section, [row for row in wordings if row.language == language], frame.href
        ),
        "crumbs": [*frame.crumbs, (frame.draft_href, _("The text"))],
    }
    return render(request, "consultations/history.html", context)


@dataclass(frozen=True, slots=True)
class State:
    """The article in one version: its words (None where it was taken out) and what changed."""

    version: Version
    wording: Wording | None
    body_html: SafeHTML
    note: Localized
    change: Change | None
    diff_html: SafeHTML
    movers: list[Crumb]


def _states(section: Section, wordings: list[Wording], href: str) -> list[State]:
    """Newest first. Two queries."""
    changes = {
        change.version_id: change
        for change in Change.objects.filter(section=section, version__published_at__isnull=False)
        .select_related("version")
        .prefetch_related(
            Prefetch("moved_by", Subject.objects.standing().defer("search", "sample", "text"))
        )
    }
    known = {row.version_id: row for row in wordings}
    versions = {row.version_id: row.version for row in wordings}
    versions |= {change.version_id: change.version for change in changes.values()}
    states = []
    for version in sorted(versions.values(), key=lambda version: -version.number):
        wording, change = known.get(version.pk), changes.get(version.pk)
        states.append(
            State(
                version=version,
                wording=wording,
                body_html=trusted(wording.body_html if wording else ""),
                note=Localized(change.note, change.note_language) if change else NOTHING,
                change=change,
                diff_html=trusted(change.diff_html if change else ""),
                movers=movers_of(change, href) if change else [],
            )
        )
    return states
