"""The next version of the text is looked through, linked to those who moved it, and published."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from answers.kinds import Decision
from answers.outcomes import ADOPTED
from common.texts import Localized
from common.ui.words import count
from common.verdicts import Refused, no, require
from consultations import actions
from consultations.actions.versions import compare
from consultations.desk.forms import NoteForm
from consultations.desk.views.frame import Desk, desk_page
from consultations.desk.views.parts import lost_sections
from consultations.desk.views.text import open_draft
from consultations.drafting.anchors import ALIKE, similarity
from consultations.kinds import ChangeKind, ProposalKind
from consultations.models import Change, Proposal, Version, Wording
from consultations.permissions import may_write_draft
from consultations.views.article import say
from processes.desk import edits, show

MOST_MOVERS = 30  # contributions offered for one change
_KINDS: dict[str, Any] = dict(ChangeKind.choices)
_DECISIONS: dict[str, Any] = dict(Decision.choices)


@desk_page("text", edits)
def publish_version(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every change with its difference, who moved it, a note; then it is published."""
    require(may_write_draft(request.user, desk.consultation))
    version, before = open_draft(desk), desk.consultation.current
    if before is None:
        return redirect(f"{desk.href}publish/")
    if version is None:
        return redirect(f"{desk.href}text/")
    before.consultation = desk.consultation
    changes = compare(before, version)
    offered = _offered(desk, changes)
    form = NoteForm(request.POST or None, languages=desk.process.languages)
    error, status = "", 200
    if request.method == "POST":
        status = 400
        if "confirmed" not in request.POST:
            error = _("Tick that you have looked at every change.")
        elif form.is_valid():
            try:
                return _published(request, desk, form, changes, offered)
            except Refused as refused:
                error, status = str(refused.verdict.message), refused.verdict.status
    context = {
        "version": version,
        "before": before,
        "form": form,
        "error": error,
        "changes": _shown(request, desk, version, changes, offered),
        "lost": lost_sections(desk, version) if _are_unsure(changes) else [],
        "seen": fingerprint(changes),
    }
    return show(request, desk, "version", context, status=status)


def _offered(desk: Desk, changes: list[Change]) -> dict[int, list[Proposal]]:
    """{section id: proposals that may have moved it}, adopted ones first. One query.

    For a part that is new these are the adopted new articles.
    """
    changed = [change.section_id for change in changes]
    is_adopted = Q(subject__answer__decision__in=ADOPTED)
    rows = (
        Proposal.objects.standing()
        .filter(consultation=desk.consultation)
        .filter(Q(section__in=changed) | Q(kind=ProposalKind.NEW_ARTICLE) & is_adopted)
        .select_related("subject__author", "subject__answer")
        .defer(
            "subject__text",
            "subject__search",
            "subject__sample",
            "body_html",
            "diff_rows",
            "reason",
            "reason_html",
        )
        .order_by("-subject__agree_count", "-pk")[:2000]
    )
    found: dict[int, list[Proposal]] = {pk: [] for pk in changed}
    added = [change.section_id for change in changes if change.kind == ChangeKind.ADDED]
    for row in rows:
        if row.section_id in found:
            found[row.section_id].append(row)
        if row.kind == ProposalKind.NEW_ARTICLE and is_taken(row):
            for pk in added:
                found[pk].append(row)
    return {
        pk: sorted(rows, key=lambda row: not is_taken(row))[:MOST_MOVERS]
        for pk, rows in found.items()
    }


def is_taken(proposal: Proposal) -> bool:
    answer = getattr(proposal.subject, "answer", None)
    return answer is not None and answer.decision in ADOPTED


def _ticked(
    request: HttpRequest, section_id: int, offered: list[Proposal], words: str = ""
) -> set[int]:
    """Ids of the subjects that moved a part: as sent, else the adopted ones.

    Adopted new articles are offered for every new part, and ticked where their words stand (`words`).
    """
    if request.method == "POST":
        sent = set(request.POST.getlist(f"moved-{section_id}"))
        return {row.subject_id for row in offered if str(row.subject_id) in sent}
    return {
        row.subject_id
        for row in offered
        if is_taken(row)
        and (row.kind == ProposalKind.AMENDMENT or similarity(row.body, words) >= ALIKE)
    }


def _shown(
    request: HttpRequest,
    desk: Desk,
    version: Version,
    changes: list[Change],
    offered: dict[int, list[Proposal]],
) -> list[dict[str, Any]]:
    """The changes as the page shows them."""
    titles = _titles(desk, version, changes)
    return [
        {
            "section_id": change.section_id,
            "title": titles[change.section_id][0],
            "part_pk": titles[change.section_id][1],
            "kind": change.kind,
            "kind_word": _KINDS[change.kind],
            "is_added": change.kind == ChangeKind.ADDED,
            "diff": say(change.diff_html),
            "language": change.language,
            "note": request.POST.get(f"note-{change.section_id}", ""),
            "movers": _movers(
                request, desk, change, offered[change.section_id], titles[change.section_id][2]
            ),
        }
        for change in changes
    ]


def _movers(
    request: HttpRequest, desk: Desk, change: Change, offered: list[Proposal], words: str
) -> list[dict[str, Any]]:
    ticked = _ticked(request, change.section_id, offered, words)
    return [
        {
            "pk": row.subject_id,
            "title": row.subject.shown,
            "author": str(row.subject.author or ""),
            "support": row.subject.agree_count,
            "decision": getattr(getattr(row.subject, "answer", None), "decision", ""),
            "href": f"{desk.public_href}proposals/{row.subject_id}/",
            "is_ticked": row.subject_id in ticked,
        }
        for row in offered
    ]


def _titles(
    desk: Desk, version: Version, changes: list[Change]
) -> dict[int, tuple[Localized, int, str]]:
    """{section id: (title, id of its row in the new text or 0, its words)}. One query."""
    ids = [change.section_id for change in changes]
    rows = Wording.objects.filter(
        section__in=ids, version__in=[version.pk, desk.consultation.current_id]
    )
    mine = Case(When(language=get_language() or "", then=1), default=0)
    rows = rows.order_by("version__number", mine, "-pk")
    found: dict[int, tuple[Localized, int, str]] = {}
    for row in rows.only(
        "section_id", "version_id", "language", "label", "number", "heading", "body"
    ):
        title = Localized(row.title, row.language)
        found[row.section_id] = (title, row.pk if row.version_id == version.pk else 0, row.body)
    return found


def _are_unsure(changes: list[Change]) -> bool:
    """Whether a part may have been taken for a new one: some are gone while others are new."""
    kinds = {change.kind for change in changes}
    return {ChangeKind.ADDED, ChangeKind.REMOVED} <= kinds


def _published(
    request: HttpRequest,
    desk: Desk,
    form: Any,
    changes: list[Change],
    offered: dict[int, list[Proposal]],
) -> HttpResponse:
    ids = [change.section_id for change in changes]
    seen = request.POST.get("seen", "")
    if seen != fingerprint(changes):
        message = _("The text has changed since you opened this page. Look at the changes again.")
        raise Refused(no("changed_meanwhile", message, 409))
    version = actions.publish_version(
        request.user,
        consultation=desk.consultation,
        moved_by={pk: sorted(_ticked(request, pk, offered[pk])) for pk in ids},
        notes={pk: request.POST.get(f"note-{pk}", "")[:2000] for pk in ids},
        note=form.by_language("note"),
        language=get_language() or "en",
    )
    sentence = ngettext(
        "Version %(number)s is public, with %(count)s change. Everyone who took part is told.",
        "Version %(number)s is public, with %(count)s changes. Everyone who took part is told.",
        len(changes),
    )
    messages.success(request, sentence % {"number": version.number, "count": count(len(changes))})
    return redirect(f"{desk.public_href}draft/")


def fingerprint(changes: list[Change]) -> str:
    """What the changes were when they were looked at."""
    words = "\0".join(f"{c.section_id}:{c.kind}:{c.diff_html}" for c in changes)
    return hashlib.sha256(words.encode()).hexdigest()[:32]
