"""Deliveries become mails: a batch at a time, in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from answers.models import Answer
from common.html import html_to_text
from common.texts import localized
from common.ui import moments, words
from notifications import tokens
from notifications.addresses import told_path
from notifications.audiences import has_confirmed_address, wants_no_mail
from notifications.kinds import LETTERS, Channel
from notifications.letters import Letter, Writer, name_of
from notifications.material import Material
from notifications.models import Delivery
from processes.kinds import HIDING_RULES, EntryKind
from processes.models import Entry

_ANSWERS = (EntryKind.ANSWERED, EntryKind.ANSWER_CHANGED)
_HEAVY = ("subject__text", "subject__search", "subject__sample")
LONGEST_PART = 25  # items of one part of a letter in a mail; the page has all of them


def load(ids: Sequence[int]) -> list[Delivery]:
    """The deliveries with their entry, person, and what decides whether they are still wanted:
    `is_confirmed`, `is_unwanted`; and `site_id`, the letter on the site. Two queries."""
    site = Delivery.objects.filter(
        entry=OuterRef("entry"), user=OuterRef("user"), channel=Channel.SITE
    )
    deliveries = list(
        Delivery.objects.filter(pk__in=ids, sent_at__isnull=True)
        .select_related("user")
        .annotate(
            is_confirmed=has_confirmed_address("user_id"),
            is_unwanted=wants_no_mail("user_id", OuterRef("entry__process_id")),
            site_id=Subquery(site.values("pk")[:1]),
        )
        .order_by("due_at", "pk")
    )
    entries = (
        Entry.objects.select_related("process__organisation", "subject")
        .defer("process__search", "process__sample", *_HEAVY)
        .in_bulk({delivery.entry_id for delivery in deliveries})
    )
    for delivery in deliveries:
        delivery.entry = entries[delivery.entry_id]
    return deliveries


def reason_not_to_send(delivery: Delivery) -> str:
    """Why this mail must not go out any more, or ""."""
    user = delivery.user
    if user.closed_at is not None or user.generated_at is not None or not user.is_active:
        return "the account is closed"
    if not delivery.is_confirmed:  # type: ignore[attr-defined]
        return "the address is not confirmed"
    if delivery.is_unwanted:  # type: ignore[attr-defined]
        return "unsubscribed"
    return ""


class Batch:
    """What the mails of some loaded deliveries need, gathered once for all of them."""

    def __init__(self, rows: Sequence[Delivery]) -> None:
        people = defaultdict(list)
        for delivery in rows:
            if delivery.entry.kind in LETTERS:
                people[delivery.entry_id].append(delivery.user_id)
        entries = {row.entry_id: row.entry for row in rows}
        self._materials = {pk: Material(entries[pk], ids) for pk, ids in people.items()}
        answered = [row.entry.subject_id for row in rows if row.entry.kind in _ANSWERS]
        self._answers = _answers(answered)
        self._writers: dict[tuple[int, str], Writer] = {}

    def write(self, delivery: Delivery) -> EmailMessage:
        """The mail of one of the deliveries, in its person's language."""
        language = _language(delivery)
        with override(language):
            if delivery.entry.kind in LETTERS:
                return _letter(delivery, self._writer(delivery.entry_id, language))
            return _notice(delivery, self._answers)

    def _writer(self, entry_id: int, language: str) -> Writer:
        key = (entry_id, language)
        if key not in self._writers:
            material = self._materials[entry_id]
            self._writers[key] = Writer(material, language, settings.SITE_URL)
        return self._writers[key]


def _answers(subject_ids: list[int | None]) -> dict[int, Answer]:
    if not subject_ids:
        return {}
    return {row.subject_id: row for row in Answer.objects.filter(subject__in=subject_ids)}


def _language(delivery: Delivery) -> str:
    known = dict(settings.LANGUAGES)
    return delivery.user.language if delivery.user.language in known else settings.LANGUAGE_CODE


def _render(name: str, context: dict[str, Any]) -> str:
    """A template without a request: no context processors, no queries."""
    return render_to_string(name, context).strip() + "\n"


def _letter(delivery: Delivery, writer: Writer) -> EmailMessage:
    user = delivery.user
    letter = writer.write(user.pk, str(user), delivery.site_id or delivery.pk)  # type: ignore[attr-defined]
    stop = tokens.address(user.pk, delivery.entry.process_id, letter.language)
    context = {"letter": letter, "stop": stop, "site_name": settings.SITE_NAME, **_parts(letter)}
    subject = name_of(delivery.entry) % {"title": letter.process_title}
    text = _render("notifications/email/results_published.txt", context)
    mail = _message(delivery, subject, text, stop)
    mail.attach_alternative(_render("notifications/email/letter.html", context), "text/html")
    return mail


def _parts(letter: Letter) -> dict[str, Any]:
    """The beginning of each part, and whether the page on the site has more."""
    return {
        "said": letter.said[:LONGEST_PART],
        "answers": letter.answers[:LONGEST_PART],
        "changed": letter.changed[:LONGEST_PART],
        "has_more": max(len(letter.said), len(letter.answers), len(letter.changed)) > LONGEST_PART,
    }


def _notice(delivery: Delivery, answers: dict[int, Answer]) -> EmailMessage:
    """A mail of one entry: its words are in templates/notifications/email/<kind>.txt, the first
    line being the subject."""
    entry, user = delivery.entry, delivery.user
    language = get_language() or ""
    process = entry.process
    title = str(entry.subject.shown if entry.subject else localized(process.title, language))
    answer = answers.get(entry.subject_id or 0)
    stop = tokens.address(user.pk, process.pk, language)
    context = {
        "name": str(user),
        "title": " ".join(title.split()),
        "process_title": localized(process.title, language).text,
        "body_name": localized(process.organisation.name, language).text,
        "decision": words.decision(str(entry.data.get("decision", ""))),
        "reason": html_to_text(answer.body_html) if answer else entry.data.get("reason", ""),
        "day": _day(entry),
        "number": 0 if entry.subject else int(entry.data.get("count", 0)),
        "is_feasible": bool(entry.data.get("feasible")),
        "rule": HIDING_RULES.get(str(entry.data.get("rule", "")), ""),
        "href": f"{settings.SITE_URL}/{language}{told_path(entry, process, entry.subject)}",
        "stop": stop,
        "site_name": settings.SITE_NAME,
    }
    subject, _newline, text = _render(f"notifications/email/{entry.kind}.txt", context).partition(
        "\n"
    )
    return _message(delivery, subject, text.strip() + "\n", stop)


def _day(entry: Entry) -> str:
    """The day that the entry names, in words: until when, or on which day."""
    for name in ("due_at", "closes_at", "expected_on", "built_on"):
        if text := str(entry.data.get(name) or ""):
            return moments.day(datetime.fromisoformat(text))
    return ""


def _message(delivery: Delivery, subject: str, text: str, stop: str) -> EmailMultiAlternatives:
    entry = delivery.entry
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Message-ID": message_id(delivery),
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<{entry.process.slug}.{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{entry.process_id}:{entry.kind}:kenes",
    }
    return EmailMultiAlternatives(
        subject=" ".join(subject.split())[:200],
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.user.email],
        headers=headers,
    )


def message_id(delivery: Delivery) -> str:
    """The same for every repetition of one delivery."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{delivery.message_id}@{domain}>"
