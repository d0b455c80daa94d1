"""The text: pasted or uploaded, looked at as a tree, replaced, thrown away."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.forms import add_refusal
from common.verdicts import Refused, require
from consultations import actions
from consultations.desk import reads
from consultations.desk.forms import DraftForm
from consultations.desk.views.frame import Desk, desk_page
from consultations.drafting.model import Draft, Node, Problem
from consultations.drafting.parse import parse_draft
from consultations.drafting.write import to_markdown
from consultations.kinds import ProposalKind, SectionKind
from consultations.models import Version, Wording
from consultations.permissions import may_write_draft
from processes.desk import POST, edits, kept, refuse, show

_NAMES = dict(settings.LANGUAGES)
_KINDS: dict[str, Any] = dict(SectionKind.choices)
EXCERPT = 160  # characters of a part's text in the tree
MOST_PROBLEMS = 100


def open_draft(desk: Desk) -> Version | None:
    """The version that is being written. One query."""
    version = desk.consultation.versions.filter(published_at__isnull=True).first()
    if version is not None:
        version.consultation = desk.consultation
    return version


def wordings_of(version: Version, language: str) -> list[Wording]:
    """All parts in reading order, without their rendered words. One query."""
    rows = version.wordings.filter(language=language).select_related("section")
    return list(rows.defer("body_html", "explanation_html").order_by("order"))


def present_languages(version: Version | None, process_languages: list[str]) -> list[str]:
    """The languages that the version is written in, the consultation's first."""
    if version is None:
        return []
    found = set(version.wordings.order_by().values_list("language", flat=True).distinct())
    return [c for c in process_languages if c in found] + sorted(found - set(process_languages))


@desk_page("text", edits, methods=("GET", "HEAD"))
def text(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The tree of the text that is being written; else the current one, to begin the next with."""
    draft = open_draft(desk)
    version = draft or desk.consultation.current
    languages = present_languages(version, desk.process.languages)
    asked = request.GET.get("language", "")
    language = asked if asked in languages else (languages[0] if languages else "")
    rows = wordings_of(version, language) if version and language else []
    is_next = draft is not None and desk.consultation.current_id is not None
    adopted = reads.adopted_in(desk.consultation) if is_next else []
    context = {
        "version": version,
        "is_open": draft is not None,
        "is_next": is_next,
        "may_change": bool(may_write_draft(request.user, desk.consultation)),
        "language": language,
        "tabs": [(f"?language={c}", _NAMES.get(c, c), None, c == language) for c in languages],
        "lacking": [(c, _NAMES.get(c, c)) for c in desk.process.languages if c not in languages],
        "parts": _parts(rows, adopted),
        "removed": list(draft.removals.select_related("removed_by")) if draft else [],
        "new_articles": _not_in(rows, adopted),
    }
    return show(request, desk, "text", context)


def _not_in(rows: list[Wording], adopted: list[Any]) -> list[Any]:
    """The adopted new articles whose words do not stand in the text yet."""
    bodies = {row.body.strip() for row in rows}
    return [
        proposal
        for proposal in adopted
        if proposal.kind == ProposalKind.NEW_ARTICLE and proposal.body.strip() not in bodies
    ]


def _parts(rows: list[Wording], adopted: list[Any]) -> list[dict[str, Any]]:
    """The parts as the tree shows them, each with the number of adopted amendments to it."""
    amendments: dict[int, int] = {}
    for proposal in adopted:
        if proposal.kind == ProposalKind.AMENDMENT:
            amendments[proposal.section_id] = amendments.get(proposal.section_id, 0) + 1
    return [
        {
            "pk": row.pk,
            "level": min(row.level, 5),
            "kind": _KINDS[row.section.kind],
            "name": row.label or row.number,
            "heading": row.heading,
            "title": row.title,
            "excerpt": row.body[:EXCERPT] + ("…" if len(row.body) > EXCERPT else ""),
            "is_empty": not row.body and row.section.kind in ("article", "preamble"),
            "law": len(row.law_changes),
            "amendments": amendments.get(row.section_id, 0),
            "is_new": row.section.subject_id is None,
        }
        for row in rows
    ]


@desk_page("text", edits)
def write(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Paste or upload the whole text: first what was understood is shown, then it is saved."""
    require(may_write_draft(request.user, desk.consultation))
    languages = desk.process.languages
    if request.method != "POST":
        asked = request.GET.get("language", "")
        language = asked if asked in languages else languages[0]
        initial = {"language": language, "text": _prefill(request, desk, language)}
        return _write_page(
            request, desk, DraftForm(languages=languages, initial=kept(request, initial)), 200
        )
    form = DraftForm(request.POST, request.FILES, languages=languages)
    if not form.is_valid():
        return _write_page(request, desk, form, 400)
    words, language = form.cleaned_data["text"], form.cleaned_data["language"]
    draft = parse_draft(words)
    again = DraftForm({"language": language, "text": words}, languages=languages)
    again.is_valid()
    if "save" not in request.POST or form.cleaned_data.get("file"):
        return _write_page(request, desk, again, 200, draft=draft)
    try:
        actions.write_draft(
            request.user, consultation=desk.consultation, draft=draft, language=language
        )
    except Refused as refused:
        return _write_page(request, desk, again, add_refusal(again, refused.verdict), draft=draft)
    messages.success(request, _("The text is saved. Look at each part, and correct what is wrong."))
    return redirect(f"{desk.href}text/?language={language}")


def _prefill(request: HttpRequest, desk: Desk, language: str) -> str:
    """The text as Markdown, to be edited as a whole: ?start=draft or ?start=current."""
    start = request.GET.get("start", "")
    if start not in ("draft", "current"):
        return ""
    version = open_draft(desk) if start == "draft" else desk.consultation.current
    return to_markdown(_draft_of(wordings_of(version, language))) if version else ""


def _draft_of(rows: list[Wording]) -> Draft:
    """The rows as the tree that they are."""
    roots: list[Any] = []
    above: list[tuple[int, list[Any]]] = []
    for row in rows:
        while above and above[-1][0] >= row.level:
            above.pop()
        children: list[Any] = []
        (above[-1][1] if above else roots).append((row, children))
        above.append((row.level, children))
    return Draft(tuple(_node(row, children) for row, children in roots))


def _node(row: Wording, children: list[Any]) -> Node:
    return Node(
        kind=row.section.kind,  # type: ignore[arg-type]
        number=row.number,
        heading=" ".join(row.heading.split()),
        body=row.body.strip(),
        explanation=row.explanation.strip(),
        children=tuple(_node(child, below) for child, below in children),
        label=row.label,
    )


def problem_sentence(problem: Problem) -> str:
    """What somebody should look at, as a sentence."""
    sentences = {
        "no_headings": _(
            "No headings were found. Begin each article with its name on a line of its own."
        ),
        "empty_article": _("“%(detail)s” has no text."),
        "empty_part": _("“%(detail)s” holds no article."),
        "duplicate_number": _("“%(detail)s” is there twice."),
        "number_out_of_order": _("“%(detail)s” does not follow the number before it."),
        "looks_like_heading": _("“%(detail)s” looks like a heading, but was read as text."),
    }
    sentence = sentences.get(problem.code, _("Look at “%(detail)s”."))
    return sentence % {"detail": problem.detail[:120]} if "%(" in sentence else sentence


def _preview(draft: Draft) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []

    def walk(nodes: Any, level: int) -> None:
        for node in nodes:
            parts.append(
                {
                    "level": min(level, 5),
                    "kind": _KINDS[node.kind],
                    "name": node.label or node.number,
                    "heading": node.heading,
                    "excerpt": node.body[:EXCERPT] + ("…" if len(node.body) > EXCERPT else ""),
                }
            )
            walk(node.children, level + 1)

    walk(draft.nodes, 0)
    return {
        "parts": parts,
        "articles": sum(node.kind == "article" for node in draft.walk()),
        "problems": [(p.line, problem_sentence(p)) for p in draft.problems[:MOST_PROBLEMS]],
        "title": draft.title,
    }


def _write_page(
    request: HttpRequest, desk: Desk, form: Any, status: int, *, draft: Draft | None = None
) -> HttpResponse:
    version = open_draft(desk)
    form.fields["text"].widget.attrs["lang"] = form["language"].value() or ""
    context = {
        "form": form,
        "preview": _preview(draft) if draft is not None else None,
        "replaces": present_languages(version, desk.process.languages),
        "has_current": desk.consultation.current_id is not None,
        "has_draft": version is not None,
        "may_save": draft is not None and bool(draft.nodes),
    }
    return show(request, desk, "write", context, status=status)


@desk_page("text", edits, methods=POST)
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The next version begins with what the current one says."""
    version = actions.begin_version(request.user, consultation=desk.consultation)
    sentence = _(
        "Version %(number)s begins with the current text. Nobody sees it until you publish it."
    )
    messages.success(request, sentence % {"number": version.number})
    return redirect(f"{desk.href}text/")


@desk_page("text", edits)
def discard(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask first; then what was written since the last publication is gone."""
    version = open_draft(desk)
    if version is None:
        raise Http404
    if request.method != "POST":
        return show(request, desk, "discard", {"version": version})
    try:
        actions.discard_draft(request.user, consultation=desk.consultation)
    except Refused as refused:
        return refuse(request, desk, refused.verdict)
    messages.success(request, _("The unpublished text is gone."))
    return redirect(f"{desk.href}text/")
