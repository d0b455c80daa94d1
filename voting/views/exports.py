"""Files of single answers: ask for one, see how far it is, fetch it. For people of the public body."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.refusals import refuse
from common.ui.words import count
from processes.desk import READ
from voting.actions.exports import may_make_exports, start_export
from voting.desk.views.frame import Desk, desk_page
from voting.models import Export
from voting.results.exports import file_of

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN = 20


@desk_page("exports")
def exports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The last files, and the buttons that ask for one. Three queries."""
    verdict = may_make_exports(request.user, desk.poll)
    if request.method == "POST":
        made = start_export(
            request.user,
            poll=desk.poll,
            format=request.POST.get("format", ""),
            language=get_language() or "",
        )
        messages.success(request, _("The file is being made."))
        return redirect(f"{desk.href}exports/{made.pk}/")
    rows = Export.objects.filter(poll=desk.poll).select_related("actor")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "crumbs": desk.crumbs,
        "refusal": "" if verdict else verdict.message,
        "page": page,
        "formats": [("csv", "CSV"), ("xlsx", "XLSX"), ("jsonl", "JSON Lines")],
    }
    return render(request, "voting/desk/exports.html", context)


@desk_page("exports", methods=READ)
def export(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """How far one file is; the same address until it is there. Two queries."""
    row = _export(desk, pk)
    context = {
        "desk": desk,
        "crumbs": [*desk.crumbs, (f"{desk.href}exports/", _("Single answers"))],
        "export": row,
        "sentence": _progress(row),
        "refresh_href": f"{desk.href}exports/{row.pk}/",
        "result_href": f"{desk.href}exports/{row.pk}/file" if row.path else "",
    }
    is_fragment = request.headers.get("HX-Request") and not row.failed_at
    name = "voting/desk/export.html"
    return render(request, f"{name}#working" if is_fragment else name, context)


@desk_page("exports", methods=READ)
def export_file(request: HttpRequest, desk: Desk, pk: int) -> HttpResponseBase:
    """The file, streamed from disk. Whoever lost the right to it meanwhile does not get it."""
    verdict = may_make_exports(request.user, desk.poll)
    if not verdict:
        return refuse(request, verdict.status, verdict.code, verdict.message)
    row = _export(desk, pk)
    if row.finished_at is None or not row.path or not file_of(row).is_file():
        raise Http404
    response = FileResponse(
        file_of(row).open("rb"),
        as_attachment=True,
        filename=f"{desk.process.slug}-answers.{row.format}",
        content_type=CONTENT_TYPES[row.format],
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _export(desk: Desk, pk: int) -> Export:
    row = Export.objects.filter(poll=desk.poll, pk=pk).first()
    if row is None:
        raise Http404
    return row


def _progress(row: Export) -> str:
    if row.finished_at:
        return ngettext(
            "%(total)s answer is in the file.",
            "%(total)s answers are in the file.",
            row.total_count,
        ) % {"total": count(row.total_count)}
    if row.total_count and row.done_count >= row.total_count:
        return _("All answers are read; the file is being put together.")
    if row.claimed_at is None:
        return _("It has not begun yet.")
    return _("%(done)s of %(total)s answers are read.") % {
        "done": count(row.done_count),
        "total": count(row.total_count),
    }
