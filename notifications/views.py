"""The inbox, letters, and wishes about mail."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.pending import signed_in_to_post
from common.texts import Localized, Phrase, localized
from common.ui.tongues import phrase
from common.verdicts import Refused, require
from notifications import actions, letters, sentences, tokens
from notifications.forms import PreferencesForm, StopForm
from notifications.models import Delivery, Follow, Notice, Subscription
from notifications.permissions import may_read
from processes.kinds import subject_path
from processes.lookup import readable_subject
from processes.models import Participation, Process
from voting.models import Turnout

PAGE = 30
FOLLOWS = 200  # followed subjects that are listed


class Line(NamedTuple):
    """A notice as the page shows it."""

    pk: int
    sentence: Phrase
    href: str
    at: datetime
    is_unread: bool


class Envelope(NamedTuple):
    """A letter as the inbox shows it."""

    title: Phrase
    body_name: Localized
    href: str
    at: datetime | None
    is_unread: bool


class Followed(NamedTuple):
    """Something that the person follows, as the list shows it. `stop` is where the button posts."""

    title: Localized
    process_title: Localized
    href: str
    stop: str


def _envelope(delivery: Delivery) -> Envelope:
    process = delivery.entry.process
    return Envelope(
        phrase(letters.name_of(delivery.entry), title=localized(process.title)),
        localized(process.organisation.name),
        f"/{get_language()}/inbox/letters/{delivery.pk}/",
        delivery.sent_at,
        delivery.read_at is None,
    )


def _line(notice: Notice) -> Line:
    href = f"/{get_language()}/inbox/notices/{notice.pk}/"
    text = sentences.sentence_of(notice)
    return Line(notice.pk, text, href, notice.updated_at, notice.read_at is None)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Letters, then notices, unread ones first. Four queries."""
    number = max(1, _page_number(request))
    start = (number - 1) * PAGE
    notices = list(Notice.objects.for_inbox(request.user)[start : start + PAGE + 1])
    lines = [_line(notice) for notice in notices[:PAGE]]
    received = Delivery.objects.letters_of(request.user)[:PAGE] if start == 0 else []
    context = {
        "section": "inbox",
        "letters": [_envelope(delivery) for delivery in received],
        "unread": [line for line in lines if line.is_unread],
        "lines": [line for line in lines if not line.is_unread],
        "next_href": f"?page={number + 1}" if len(notices) > PAGE else "",
        "undo": request.GET.get("undo", ""),
        "is_first_page": start == 0,
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the chosen notices (`notice`, several), or all (`all`), as read; with a way back."""
    ids = [
        int(text) for text in request.POST.getlist("notice") if text.isdigit() and len(text) < 19
    ]
    if request.POST.get("all"):
        moment = actions.mark_all_read(request.user)
    else:
        moment = actions.mark_read(request.user, notice_ids=ids)
    query = urlencode({"undo": moment.isoformat()})
    response = redirect("notifications:inbox")
    response["Location"] += f"?{query}"
    return response


@login_required
@require_POST
def unread(request: HttpRequest) -> HttpResponse:
    """Undo one marking."""
    moment = _moment(request.POST.get("undo", ""))
    if moment is not None:
        actions.mark_unread(request.user, read_at=moment)
    return redirect("notifications:inbox")


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


@login_required
@never_cache
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what the notice is about; it is read then."""
    row = get_object_or_404(Notice.objects.for_inbox(request.user), pk=pk)
    if row.read_at is None:
        actions.mark_read(request.user, notice_ids=[pk])
    return redirect(sentences.href_of(row))


@login_required
@never_cache
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """A result letter: the same sheet on screen and on paper."""
    delivery = Delivery.objects.letters_of(request.user).filter(pk=pk).first()
    if delivery is None:
        raise Http404
    require(may_read(request.user, delivery))
    if delivery.read_at is None:
        actions.mark_letter_read(request.user, delivery=delivery)
    delivery.user = request.user
    context = {"section": "inbox", "letter": letters.compose(delivery), "page_width": "narrow"}
    return render(request, "notifications/letter.html", context)


def _processes_of(user: Any) -> list[Process]:
    """The processes that the person took part in, newest first. Who votes counts as taking part from
    the count on, and may say at once whether a letter is wanted."""
    took_part = Participation.objects.filter(process=OuterRef("pk"), user=user)
    voted = Turnout.objects.filter(poll__process=OuterRef("pk"), user=user)
    rows = Process.objects.published().filter(Exists(took_part) | Exists(voted))
    return list(rows.defer("search", "sample").order_by("-published_at", "-id")[:200])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which mail one wants: none at all, or all but that about some processes."""
    processes = _processes_of(request.user)
    ended = set(
        Subscription.objects.filter(user=request.user, ended_at__isnull=False).values_list(
            "process_id", flat=True
        )
    )
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, processes=processes, ended=ended)
    if request.method == "POST" and form.is_valid():
        form.apply(request.user)
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    context = {
        "section": "inbox",
        "form": form,
        "follows": [_followed(row) for row in Follow.objects.for_list(request.user)[:FOLLOWS]],
        "page_width": "narrow",
    }
    return render(
        request, "notifications/preferences.html", context, status=400 if form.is_bound else 200
    )


def _followed(row: Follow) -> Followed:
    process, prefix = row.subject.process, f"/{get_language()}"
    return Followed(
        row.subject.shown,
        localized(process.title),
        prefix + subject_path(row.subject, process.slug),
        f"{prefix}/subjects/{row.subject_id}/unfollow/?list",
    )


@require_POST
@signed_in_to_post
def follow(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Be told what becomes of a subject; back to its page."""
    try:
        subject = readable_subject(request.user, subject_id)
        actions.follow(request.user, subject=subject)
    except Refused:
        raise Http404 from None
    messages.success(request, _("You follow this now. What becomes of it will be in your inbox."))
    return redirect(f"/{get_language()}{subject_path(subject, subject.process.slug)}")


@require_POST
@signed_in_to_post
def unfollow(request: HttpRequest, subject_id: int) -> HttpResponse:
    """No longer; back to its page, or to the list of what one follows (`?list`)."""
    try:
        subject = readable_subject(request.user, subject_id)
    except Refused:
        raise Http404 from None
    actions.unfollow(request.user, subject_id=subject.pk)
    messages.success(request, _("You do not follow this any more."))
    if "list" in request.GET:
        return redirect("notifications:preferences")
    return redirect(f"/{get_language()}{subject_path(subject, subject.process.slug)}")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail by the link in a letter, without signing in.

    A POST without a choice is a mail program's one click (RFC 8058): no more about this process.
    A GET changes nothing, for mail scanners follow links.
    """
    wish = tokens.read(token)
    user = User.objects.filter(pk=wish.user_id).first() if wish else None
    process = Process.objects.filter(pk=wish.process_id).first() if wish else None
    if user is None or process is None:
        raise Http404
    form = StopForm(request.POST if "choice" in request.POST else None)
    done = ""
    if request.method == "POST":
        if form.is_bound and not form.is_valid():
            done = ""
        else:
            done = form.cleaned_data["choice"] if form.is_bound else "process"
            form.apply(done, user=user, process_id=process.pk)
    context = {
        "form": form,
        "done": done,
        "process": process,
        "page_width": "narrow",
        "site_url": settings.SITE_URL,
    }
    status = 400 if form.errors else 200
    return render(request, "notifications/unsubscribe.html", context, status=status)
