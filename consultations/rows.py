"""One contribution as a line of a list, with what became of it."""

from functools import lru_cache
from html import escape

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from common.html import trusted
from common.ui import moments
from common.ui.bars import position_bar_mini
from common.ui.people import promise
from common.ui.tongues import lang_of
from common.ui.words import count, people
from processes.kinds import SUBJECT_TYPES, SubjectKind
from processes.models import Subject

_READ = (
    "kind", "title", "titles", "language", "created_at", "hidden_at", "withdrawn_at", "author_id",
    "agree_count", "mixed_count", "disagree_count", "comment_count",
    "author__name", "author__closed_at",
    "parent__kind", "parent__title", "parent__titles", "parent__language",
    "answer__subject_id", "answer__decision", "obligation__subject_id", "obligation__due_at",
)  # fmt: skip


LATE = Q(obligation__due_at__lte=Now())  # what `state` asks a row for as `is_late`


def for_list(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """With author, article, answer and obligation, without the texts: what `line` shows. One query."""
    return (
        subjects.select_related("author", "parent", "answer", "obligation")
        .only(*_READ)
        .annotate(is_late=LATE)
    )


def state(subject: Subject) -> str:
    """ "" (nothing is owed), owed, late, answered."""
    if getattr(subject, "answer", None) is not None:
        return "answered"
    obligation = getattr(subject, "obligation", None)
    if obligation is None or not subject.is_standing:
        return ""
    return "late" if subject.is_late else "owed"  # type: ignore[attr-defined]


def line(subject: Subject, href: str) -> SafeString:
    """A row of `for_list` as a list item. `href` is the consultation's page. Makes no query."""
    page = get_language() or ""
    address = f"{href}{_path(subject)}"
    name = subject.shown
    title, lang = escape(name.text), lang_of(name.language)
    if subject.hidden_at is not None:
        title = escape(gettext("Hidden by a moderator"))
        lang = ""
    total = subject.position_count
    counts = (subject.agree_count, subject.mixed_count, subject.disagree_count)
    bar = _bar(counts, page) if total else ""
    return trusted(
        f'<li class="line"><p class="line__eyebrow">{_eyebrow(subject, href, page)}</p>'
        f'<h3 class="line__title"><a href="{address}"{lang}>{title}</a></h3>'
        f'<p class="line__facts">{_facts(subject, page)}</p>{bar}{_promise(subject, address)}</li>'
    )


def _path(subject: Subject) -> str:
    return f"{'articles' if subject.kind == SubjectKind.SECTION else 'proposals'}/{subject.pk}/"


def _eyebrow(subject: Subject, href: str, page: str) -> str:
    kind = _kind_word(subject.kind, page)
    parent = subject.parent
    if parent is None:
        return kind
    address = f"{href}articles/{parent.pk}/"
    if parent.kind == SubjectKind.PART:
        address = f"{href}draft/#part-{parent.pk}"
    name = parent.shown
    return f'{kind} · <a href="{address}"{lang_of(name.language)}>{escape(name.text)}</a>'


def _facts(subject: Subject, page: str) -> str:
    parts = []
    if subject.author is not None:
        parts.append(f"<span>{escape(str(subject.author))}</span>")
        parts.append(f"<span>{moments.ago(subject.created_at)}</span>")
    if subject.comment_count:
        parts.append(_arguments(subject.comment_count, page))
    if subject.withdrawn_at is not None:
        words = escape(gettext("Withdrawn by its author"))
        parts.append(f'<span class="tag">{words}</span>')
    return "".join(parts)


@lru_cache(maxsize=256)
def _kind_word(kind: str, language: str) -> str:
    return escape(str(SUBJECT_TYPES[kind].label))


@lru_cache(maxsize=1024)
def _arguments(number: int, language: str) -> str:
    sentence = ngettext("%(count)s argument", "%(count)s arguments", number)
    return f"<span>{escape(sentence % {'count': count(number)})}</span>"


@lru_cache(maxsize=4096)
def _bar(counts: tuple[int, int, int], language: str) -> str:
    words = people(sum(counts))
    return f'<div class="line__bar">{position_bar_mini(*counts)}<span>{words}</span></div>'


def _promise(subject: Subject, address: str) -> str:
    current = state(subject)
    if current == "answered":
        return promise("answered", decision_value=subject.answer.decision, href=f"{address}#answer")
    if current:
        return promise(current, due_at=subject.obligation.due_at)
    return ""
