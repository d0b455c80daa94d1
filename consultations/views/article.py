"""The page of an article: the heart of a consultation."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.forms import LONGEST_ID
from common.html import trusted
from common.pages import public_page
from common.texts import Crumb, Localized, localized
from consultations import articles, cards
from consultations.drafting.diff import spoken
from consultations.models import Wording
from consultations.permissions import may_amend
from deliberation.conversation import read_conversation
from deliberation.permissions import may_add_source, may_comment
from deliberation.source_list import sources_html
from deliberation.standing import position_context
from deliberation.threads import lanes_html, reader_of
from processes.kinds import SubjectKind
from processes.permissions import may_read

_NAMES = dict(settings.LANGUAGES)


@require_safe
@public_page(parameters=["text"])
def article(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """One article: its text, where people stand, what they say and propose. Seven queries."""
    if subject_id > LONGEST_ID:
        raise Http404
    language = request.GET.get("text", "") or get_language() or ""
    wording = articles.read_article(
        request.user, slug=slug, subject_id=subject_id, language=language[:8]
    )
    if wording is None or not may_read(request.user, wording.section.subject.process):
        raise Http404
    if wording.section.subject.kind == SubjectKind.PART:
        return redirect(f"/{get_language()}/consultations/{slug}/draft/#part-{subject_id}")
    return render(request, "consultations/article.html", _page(request, wording))


def _page(request: HttpRequest, wording: Wording) -> dict[str, Any]:
    subject, user = wording.section.subject, request.user
    process = subject.process
    base = f"/{get_language()}/consultations/{process.slug}/"
    reader = reader_of(user, subject)
    sources = articles.newest_sources(subject.pk)
    lanes = read_conversation(
        subject.pk,
        organisation_id=process.organisation_id,
        user_id=reader.user_id,
        first_id=number_of(request.GET.get("posted", "")),
    )
    changes = articles.changes_of(wording.section_id)
    return {
        **position_context(user, subject, wording.my_value),
        "wording": wording,
        "subject": subject,
        "process": process,
        "is_current": wording.version_id == wording.section.consultation.current_id,
        "here": f"{base}articles/{subject.pk}/",
        "base": base,
        "talk": f"/{get_language()}/subjects/{subject.pk}/",
        "crumbs": crumbs_of(process, base),
        "body": trusted(wording.body_html),
        "once": uuid4(),
        "text_languages": [(code, _NAMES.get(code, code)) for code in wording.languages],
        "text_language": "" if wording.language == get_language() else wording.language,
        "explanation": trusted(wording.explanation_html),
        "law_changes": law_changes(wording.law_changes, wording.language),
        "answer": answer_card(subject, process),
        "lanes": lanes,
        "said": lanes_html(lanes.values(), reader),
        "amendments": cards.amendment_cards(articles.top_amendments(subject.pk), process.slug),
        "sources": sources,
        "source_list": sources_html(sources, user),
        "changes": changes_shown(changes, process.slug),
        "login": f"{reverse('account_login')}?next={quote(request.path)}",
        "may_comment": may_comment(user, subject),
        "may_amend": may_amend(user, subject),
        "may_add_source": may_add_source(user, subject),
    }


def number_of(text: str) -> int:
    """An id that came in an address, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def crumbs_of(process: Any, base: str) -> list[Crumb]:
    """The way back to the text. `base` is the consultation's address."""
    return [
        (f"/{get_language()}/", _("All processes")),
        (base, localized(process.title)),
        (f"{base}draft/", _("The text")),
    ]


def law_changes(stored: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Before and after in existing law, in `language`, with the spoken words of the reader's."""
    return [
        {
            "title": change["title"],
            "language": language,
            "inline": say(change["diff_html"]),
            "rows": [
                (say(left), say(right), is_changed) for left, right, is_changed in change["rows"]
            ],
        }
        for change in stored
    ]


def say(html: str) -> str:
    """A stored difference with what screen readers say at each insertion and deletion."""
    return trusted(spoken(html, _("added:"), _("removed:"), get_language() or ""))


def answer_card(subject: Any, process: Any, changes: Any = ()) -> dict[str, Any] | None:
    """Context of components/answer.html, or None when there is no answer."""
    answer = getattr(subject, "answer", None)
    if answer is None:
        return None
    return {
        "pk": answer.pk,
        "body_name": localized(process.organisation.name),
        "author_name": str(answer.author),
        "role": "",
        "decision": answer.decision,
        "reason_html": trusted(answer.body_html),
        "language": answer.language,
        "answered_at": answer.answered_at,
        "changes": list(changes),
    }


def changes_shown(changes: list[dict[str, Any]], slug: str) -> list[dict[str, Any]]:
    """What moved the article, ready to show."""
    return [
        {
            "number": change["number"],
            "kind": change["kind"],
            "note": Localized(change["note"], change["note_language"]),
            "diff": say(change["diff_html"]),
            "language": change["language"],
            "moved_by": cards.subject_links(change["moved_by"], slug),
        }
        for change in changes
    ]
