"""One part of the text that is being written: corrected, moved, put in, removed, taken over."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.forms import LONGEST_ID, add_refusal, sent
from common.texts import Localized
from common.verdicts import Refused, require
from consultations import actions
from consultations.desk import reads
from consultations.desk.forms import LawForms, PartForm
from consultations.desk.views.frame import Desk, desk_page
from consultations.desk.views.text import open_draft
from consultations.kinds import ProposalKind, SectionKind
from consultations.models import Proposal, Section, Version, Wording
from consultations.permissions import may_write_draft
from consultations.views.article import say
from processes.desk import POST, edits, kept, show

_MOVES = {"up": ("move", -1), "down": ("move", 1), "in": ("shift", 1), "out": ("shift", -1)}


def part_or_404(desk: Desk, pk: int) -> Wording:
    """A part of this consultation's text that is being written. One query."""
    if pk > LONGEST_ID:
        raise Http404
    rows = Wording.objects.select_related("section", "version")
    row = rows.filter(
        pk=pk, version__consultation=desk.consultation, version__published_at__isnull=True
    ).first()
    if row is None:
        raise Http404
    row.version.consultation = desk.consultation
    return row


def _tree_href(desk: Desk, row: Wording) -> str:
    return f"{desk.href}text/?language={row.language}#part-{row.pk}"


@desk_page("text", edits)
def part(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Correct one part: its kind, name, heading, text, explanation, and what it changes in law."""
    row = part_or_404(desk, pk)
    require(may_write_draft(request.user, desk.consultation))
    form, laws, status = _part_forms(request, row), _law_forms(request, row), 200
    if request.method == "POST" and "add" not in request.POST:
        status = 400
        is_valid = form.is_valid()
        if laws.is_valid() and is_valid:
            try:
                _save_part(request, row, form, laws)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The part is saved."))
                return redirect(_tree_href(desk, row))
    context = {
        "part": row,
        "form": form,
        "laws": laws,
        "back": _tree_href(desk, row),
        "adopted": _adopted(desk, row),
        "may_be": _may_be(desk, row),
    }
    return show(request, desk, "part", context, status=status)


def _part_forms(request: HttpRequest, row: Wording) -> PartForm:
    names = ("label", "number", "heading", "body", "explanation")
    initial = {name: getattr(row, name) for name in names} | {"kind": row.section.kind}
    if request.method == "POST" and "add" in request.POST:
        return PartForm(initial=initial | request.POST.dict())
    form = PartForm(request.POST or None, initial=kept(request, initial))
    if row.section.subject_id is not None:
        # What is talked about already stays what it is.
        form.fields["kind"].disabled = True
        form.initial["kind"] = row.section.kind
    return in_language(form, row.language)


def in_language(form: Any, language: str) -> Any:
    """The form, its fields of text saying in which language they are written."""
    for name, field in form.fields.items():
        if name != "kind":
            field.widget.attrs["lang"] = language
    return form


def _law_forms(request: HttpRequest, row: Wording) -> Any:
    forms = _laws(request, row)
    for form in forms.forms:
        in_language(form, row.language)
    return forms


def _laws(request: HttpRequest, row: Wording) -> Any:
    stored = [{k: c[k] for k in ("title", "before", "after")} for c in row.law_changes]
    if request.method != "POST":
        return LawForms(prefix="law", initial=stored)
    if "add" not in request.POST:
        return LawForms(request.POST, prefix="law")
    typed = LawForms(request.POST, prefix="law")
    typed.is_valid()
    found = [form.cleaned_data for form in typed.forms if hasattr(form, "cleaned_data")]
    return LawForms(prefix="law", initial=[*found, {"title": "", "before": "", "after": ""}])


def _save_part(request: HttpRequest, row: Wording, form: Any, laws: Any) -> None:
    pairs = [law.pair for law in laws.forms if law.pair is not None]
    actions.edit_wording(request.user, wording=row, law_changes=pairs, **form.cleaned_data)


def _adopted(desk: Desk, row: Wording) -> list[dict[str, Any]]:
    """The adopted amendments to this article, with their differences."""
    if desk.consultation.current_id is None:
        return []
    return [
        {
            "pk": proposal.pk,
            "href": f"{desk.public_href}proposals/{proposal.subject_id}/",
            "title": proposal.subject.shown,
            "author": str(proposal.subject.author or ""),
            "support": proposal.subject.agree_count,
            "decision": proposal.subject.answer.decision,
            "language": proposal.subject.language,
            "is_same_language": proposal.wording is not None
            and proposal.wording.language == row.language,
            "is_in": proposal.body.strip() == row.body.strip(),
            "diff": say(proposal.diff_html),
        }
        for proposal in reads.adopted_in(desk.consultation)
        if proposal.kind == ProposalKind.AMENDMENT and proposal.section_id == row.section_id
    ]


def _may_be(desk: Desk, row: Wording) -> list[tuple[int, str]]:
    """Published parts that no part of the new text continues: this one may be one of them."""
    if desk.consultation.current_id is None or row.section.subject_id is not None:
        return []
    return lost_sections(desk, row.version, row.language)


def lost_sections(desk: Desk, version: Version, language: str = "") -> list[tuple[int, str]]:
    """(id, title) of sections of the current version that the draft lacks. One query."""
    continued = Wording.objects.filter(version=version, section=OuterRef("section"))
    rows = (
        Wording.objects.filter(
            version=desk.consultation.current_id, language=language or desk.process.languages[0]
        )
        .exclude(Exists(continued))
        .order_by("order")
        .only("section_id", "label", "number", "heading", "body")
    )
    return [(w.section_id, w.title) for w in rows]


@desk_page("text", edits, methods=POST)
def move(request: HttpRequest, desk: Desk, pk: int, where: str) -> HttpResponse:
    """Up, down, in or out by one step, with all that is under it."""
    row = part_or_404(desk, pk)
    if where not in _MOVES:
        raise Http404
    verb, step = _MOVES[where]
    if verb == "move":
        actions.move_wording(request.user, wording=row, step=step)
    else:
        actions.shift_wording(request.user, wording=row, step=step)
    return redirect(_tree_href(desk, row))


@desk_page("text", edits)
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask first: the part leaves the text in every language; what is under it stays."""
    row = part_or_404(desk, pk)
    if request.method != "POST":
        return show(request, desk, "remove", {"part": row, "back": _tree_href(desk, row)})
    actions.remove_wording(request.user, wording=row)
    messages.success(
        request,
        _("“%(part)s” is no longer in the text. Until you publish, it can be put back.")
        % {"part": row.title[:120]},
    )
    return redirect(f"{desk.href}text/?language={row.language}")


@desk_page("text", edits, methods=POST)
def restore(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Put a removed part back where it stood."""
    version = open_draft(desk)
    if version is None or pk > LONGEST_ID:
        raise Http404
    removal = version.removals.filter(pk=pk).first()
    if removal is None:
        raise Http404
    removal.version = version
    title, section_id = removal.title, removal.section_id
    actions.restore_wording(request.user, removal=removal)
    sentence = _("“%(part)s” is in the text again.")
    messages.success(request, sentence % {"part": title.text[:120]})
    row = version.wordings.filter(section=section_id).order_by("pk").first()
    return redirect(_tree_href(desk, row) if row is not None else f"{desk.href}text/")


@desk_page("text", edits)
def insert(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new part behind another (?after=), or an adopted new article (?proposal=)."""
    version = open_draft(desk)
    if version is None:
        raise Http404
    after = _after(request, desk)
    proposal = _proposal(request, desk)
    language = after.language if after else desk.process.languages[0]
    initial = {"kind": after.section.kind if after else SectionKind.ARTICLE}
    if proposal is not None:
        initial |= {"kind": "article", "heading": proposal.subject.title, "body": proposal.body}
    form = PartForm(request.POST or None, initial=kept(request, initial))
    del form.fields["explanation"]
    in_language(form, proposal.subject.language if proposal is not None else language)

    def save() -> Wording:
        return actions.insert_wording(
            request.user, version=version, after=after, language=language,
            **form.cleaned_data,
        )  # fmt: skip

    done = sent(request, form, save)
    if done:
        messages.success(request, _("The part is in the text."))
        return redirect(_tree_href(desk, done.row))
    back = _tree_href(desk, after) if after else f"{desk.href}text/"
    context = {
        "form": form,
        "after": Localized(after.title, after.language) if after else None,
        "proposal": proposal,
        "back": back,
    }
    return show(request, desk, "insert", context, status=done.status)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _after(request: HttpRequest, desk: Desk) -> Wording | None:
    pk = _number(request, "after")
    return part_or_404(desk, pk) if pk else None


def _proposal(request: HttpRequest, desk: Desk) -> Proposal | None:
    pk = _number(request, "proposal")
    if not pk:
        return None
    rows = desk.consultation.proposals.standing().select_related("subject__author")  # type: ignore[attr-defined]
    return rows.filter(pk=pk).first()


@desk_page("text", edits, methods=POST)
def identify(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Say which published part this one continues, so that what people said stays with it."""
    row = part_or_404(desk, pk)
    text = request.POST.get("section", "")
    section = None
    if text:
        found = Section.objects.filter(consultation=desk.consultation)
        is_number = text.isascii() and text.isdigit() and len(text) < 19
        section = found.filter(pk=int(text)).first() if is_number else None
        if section is None:
            raise Http404
    actions.identify(request.user, wording=row, section=section)
    messages.success(request, _("It is noted which part this one continues."))
    return redirect(
        f"{desk.href}text/publish/" if "review" in request.GET else _tree_href(desk, row)
    )


@desk_page("text", edits, methods=POST)
def adopt(request: HttpRequest, desk: Desk, pk: int, proposal_id: int) -> HttpResponse:
    """Put an adopted amendment's words into the article."""
    row = part_or_404(desk, pk)
    if proposal_id > LONGEST_ID:
        raise Http404
    proposal = (
        desk.consultation.proposals.standing()  # type: ignore[attr-defined]
        .select_related("wording")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None:
        raise Http404
    here = f"{desk.href}text/parts/{pk}/"
    try:
        found = actions.take_amendment(request.user, wording=row, proposal=proposal)
    except Refused as refused:
        messages.error(request, str(refused.verdict.message))
        return redirect(here)
    if found.clean:
        messages.success(request, _("The amendment’s words are in the text."))
    else:
        messages.warning(
            request,
            _("The amendment’s words are in the text, but it had changed there. Please read it."),
        )
    return redirect(here)
