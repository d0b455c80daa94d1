"""Projects as they stand in a list: safe HTML, built without a template for each."""

from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from budgets.kinds import Stage
from budgets.models import Budget, Project
from budgets.reading import FIRST_PICTURE
from common.html import trusted
from common.texts import Localized, localized
from common.ui import moments
from common.ui.bars import position_bar_mini, progress
from common.ui.money import money
from common.ui.tongues import lang_of, marked
from common.ui.words import count, people
from processes.models import Subject

_READ = (
    "title", "titles", "language", "created_at", "hidden_at", "withdrawn_at", "author_id",
    "agree_count", "mixed_count", "disagree_count", "comment_count",
    "author__name", "author__closed_at",
    *(f"project__{name}" for name in (
        "subject_id", "budget_id", "number", "on_behalf_of", "estimate", "cost", "place", "decided_at",
        "is_feasible", "cosignature_count", "merged_into_id", "revision_asked_at", "revision_due_at",
        "revised_at",
        "chosen_at", "started_on", "built_on", "cancelled_at", "envelope_id", "category_id",
        "latitude", "longitude",
    )),
    "project__envelope__title", "project__category__title",
)  # fmt: skip


def for_list(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """With project, author, envelope, category and the first picture: what `line` shows. One query."""
    return (
        subjects.select_related("author", "project__envelope", "project__category")
        .only(*_READ)
        .annotate(picture=FIRST_PICTURE)
    )


def project_of(subject: Subject, budget: Budget) -> Project:
    """The project of a row of `for_list`, in its budget. No query."""
    project: Project = subject.project  # type: ignore[attr-defined]
    project.budget, project.subject = budget, subject
    return project


def line(subject: Subject, budget: Budget, href: str, *, has_pots: bool) -> SafeString:
    """A row of `for_list` as a list item. `href` is the budget's page; `has_pots`: its envelopes are
    named. Makes no query."""
    page, project = get_language() or "", project_of(subject, budget)
    name = subject.shown
    address = f"{href}projects/{subject.pk}/"
    return trusted(
        f'<li class="project" id="p{project.number}">{_picture(subject, href)}'
        f'<div class="project__words"><p class="project__eyebrow">{_eyebrow(project, has_pots)}</p>'
        f'<h3 class="project__title"><a href="{address}"{lang_of(name.language)}>'
        f"{escape(name.text)}</a></h3>"
        f'<p class="line__facts">{_facts(subject, project, page)}</p></div>'
        f'<div class="project__numbers">{_price(project, budget.currency, page)}'
        f"{_support(subject, project, page)}</div></li>"
    )


def _picture(subject: Subject, href: str) -> str:
    """Its first picture; the words beside it say the same, so it is passed over when read aloud."""
    found: dict[str, Any] | None = subject.picture  # type: ignore[attr-defined]
    if not found:
        return ""
    address = f"{href}pictures/{found['pk']}/"
    return f'<img class="project__picture" src="{address}" alt="" width="160" height="120" loading="lazy">'


def _eyebrow(project: Project, has_pots: bool) -> str:
    parts = [f"<span>{_number(project.number, get_language() or '')}</span>"]
    if has_pots:
        parts.append(f"<span>{marked(localized(project.envelope.title))}</span>")
    if project.category is not None:
        parts.append(f"<span>{marked(localized(project.category.title))}</span>")
    return f"{stage_tag(project.stage, get_language() or '')} {' · '.join(parts)}"


@lru_cache(maxsize=4096)
def _number(number: int, language: str) -> str:
    return escape(gettext("No. %(number)s") % {"number": number})


@lru_cache(maxsize=128)
def stage_tag(stage: str, language: str) -> str:
    """Where a project stands, as a word with a mark of its own. Safe HTML."""
    return f'<span class="stage is-{stage}">{escape(str(Stage(stage).label))}</span>'


def _facts(subject: Subject, project: Project, page: str) -> str:
    parts = []
    if project.place:
        parts.append(f"<span{lang_of(subject.language)}>{escape(project.place)}</span>")
    if subject.author is not None:
        parts.append(f"<span>{escape(author_of(subject, project))}</span>")
        parts.append(f"<span>{moments.ago(subject.created_at)}</span>")
    if subject.comment_count:
        parts.append(_arguments(subject.comment_count, page))
    return "".join(parts)


def author_of(subject: Subject, project: Project) -> str:
    """Who proposed it, and for whom."""
    if not project.on_behalf_of:
        return str(subject.author)
    names = {"author": str(subject.author), "group": project.on_behalf_of}
    return gettext("%(author)s for %(group)s") % names


@lru_cache(maxsize=1024)
def _arguments(number: int, language: str) -> str:
    sentence = ngettext("%(count)s argument", "%(count)s arguments", number)
    return f"<span>{escape(sentence % {'count': count(number)})}</span>"


def _price(project: Project, currency: str, page: str) -> str:
    if project.cost is not None:
        return f'<p class="project__price">{escape(money(project.cost, currency))}</p>'
    if project.estimate is not None:
        return _estimated(money(project.estimate, currency), page)
    return ""


@lru_cache(maxsize=4096)
def _estimated(amount: str, language: str) -> str:
    words = escape(gettext("estimated"))
    return f'<p class="project__price">{escape(amount)} <span class="hint">{words}</span></p>'


def _support(subject: Subject, project: Project, page: str) -> str:
    counts = (subject.agree_count, subject.mixed_count, subject.disagree_count)
    needed = project.budget.cosigners_needed
    if needed and project.stage == Stage.COSIGNING:
        return signatures(project.cosignature_count, needed, page)
    return _bar(counts, page) if sum(counts) else ""


@lru_cache(maxsize=4096)
def signatures(signed: int, needed: int, language: str) -> SafeString:
    """How many have signed of how many needed, drawn and in words."""
    if not needed:
        words = ngettext("%(count)s co-signer", "%(count)s co-signers", signed)
        return trusted(f"<p>{escape(words % {'count': count(signed)})}</p>")
    if signed > needed:
        words = ngettext(
            "%(count)s co-signers; %(needed)s was needed",
            "%(count)s co-signers; %(needed)s were needed",
            needed,
        )
    else:
        words = ngettext(
            "%(count)s of %(needed)s co-signer", "%(count)s of %(needed)s co-signers", needed
        )
    return progress(signed, needed, words % {"count": count(signed), "needed": count(needed)})


@lru_cache(maxsize=4096)
def _bar(counts: tuple[int, int, int], language: str) -> str:
    words = people(sum(counts))
    return f'<div class="line__bar">{position_bar_mini(*counts)}<span>{words}</span></div>'


def point(subject: Subject, budget: Budget, href: str) -> dict[str, Any]:
    """A row of `for_list` that lies somewhere, as a feature of GeoJSON. Makes no query."""
    project, name = project_of(subject, budget), subject.shown
    amount = project.cost if project.cost is not None else project.estimate
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [float(project.longitude or 0), float(project.latitude or 0)],
        },
        "properties": {
            "number": project.number,
            "title": name.text,
            "language": name.language,
            "stage": project.stage,
            "word": str(Stage(project.stage).label),
            "place": project.place,
            "cost": money(amount, budget.currency),
            "href": f"{href}projects/{subject.pk}/",
        },
    }


def title_of(project: Project) -> Localized:
    """The title of a project for the reader."""
    return project.subject.shown
