"""Who is wanted and who there is: quotas, and margins that results are weighted to."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.forms import sent
from processes.desk import edits, kept, show
from voting.actions.samples import asked_about, set_margins, set_quotas
from voting.desk.samples_form import SamplesForm, initial_of
from voting.desk.views.frame import Desk, desk_page
from voting.models import Quota


@desk_page("samples", edits)
def samples(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Quotas until it opens (then how full they are), margins until it is counted."""
    poll = desk.poll
    asked = asked_about(poll)
    quotas = list(Quota.objects.filter(poll=poll).order_by("pk"))
    form = SamplesForm(
        request.POST or None,
        asked=asked,
        takes_quotas=not desk.is_fixed and not poll.is_secret,
        initial=kept(request, initial_of(poll, asked, quotas)),
    )
    done = sent(request, form, lambda: _save(request, desk, form))
    if done:
        messages.success(request, _("Quotas and weights are saved."))
        return redirect(desk.href)
    rows = [(_cell(quota.cell), quota.count, quota.target) for quota in quotas]
    return show(request, desk, "samples", {"form": form, "quotas": rows}, status=done.status)


def _cell(cell: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in cell.items())


@transaction.atomic
def _save(request: HttpRequest, desk: Desk, form: SamplesForm) -> None:
    if form.takes_quotas:
        set_quotas(request.user, poll=desk.poll, quotas=form.quotas())
    set_margins(request.user, poll=desk.poll, margins=form.margins())
