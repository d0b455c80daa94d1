"""What a poll asks is written: pages, questions and what can be chosen. Until the poll opens.

A question as somebody wishes it is a `definition.Question`, the same shape that is frozen at opening.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.html import clean_text
from common.verdicts import Refused, no, require
from voting.kinds import QUESTIONNAIRES
from voting.models import Option, OptionRole, Poll, Question, QuestionPage
from voting.permissions import may_edit_poll
from voting.questionnaire import definition
from voting.questionnaire.problems import Problem
from voting.questionnaire.validation import MOST_QUESTIONS, validate, validate_secret

MOST_PAGES = 50
LONGEST_LABEL = 1000
LONGEST_INTRO = 5000
Texts = Mapping[str, str]
_FIELDS = (
    "key", "kind", "title", "help", "least", "most", "does_not_apply", "is_shuffled", "show_if",
    "demographic", "satisfied_from", "method", "seats",
)  # fmt: skip


def build_questionnaire(poll: Poll) -> definition.Questionnaire:
    """What its kind of process asks, else what the rows ask: in order, in the languages of its process.
    Three queries, whatever the size; four where the process did not come with the poll."""
    if build := QUESTIONNAIRES.get(poll.process.kind):
        return build(poll)
    languages = poll.process.languages
    options: dict[int, list[Option]] = {}
    for option in Option.objects.filter(question__poll=poll).order_by("role", "order", "id"):
        options.setdefault(option.question_id, []).append(option)
    questions: dict[int, list[definition.Question]] = {}
    for row in Question.objects.filter(poll=poll).order_by("order", "id"):
        built = _built(row, options.get(row.pk, []), languages)
        questions.setdefault(row.page_id, []).append(built)
    return definition.Questionnaire(
        tuple(
            definition.Page(
                page.key,
                _in(languages, page.title),
                _in(languages, page.intro),
                tuple(questions.get(page.pk, ())),
            )
            for page in QuestionPage.objects.filter(poll=poll).order_by("order", "id")
        )
    )


def build_question(row: Question) -> definition.Question:
    """One question from its rows. One query."""
    options = list(row.options.order_by("role", "order", "id"))
    return _built(row, options, row.poll.process.languages)


def _built(row: Question, options: list[Option], languages: Sequence[str]) -> definition.Question:
    by_role = {role: list(rows) for role, rows in groupby(options, key=lambda one: one.role)}
    fields = {name: getattr(row, name) for name in _FIELDS} | {
        "kind": definition.QuestionKind(row.kind),
        "title": _in(languages, row.title),
        "help": _in(languages, row.help),
    }
    return definition.Question(
        **fields,
        options=tuple(
            definition.Option(one.key, _in(languages, one.label), one.is_other)
            for one in by_role.get(OptionRole.OPTION, ())
        ),
        items=tuple(
            definition.Item(one.key, _in(languages, one.label))
            for one in by_role.get(OptionRole.ITEM, ())
        ),
        points=tuple(
            definition.Option(one.key, _in(languages, one.label))
            for one in by_role.get(OptionRole.POINT, ())
        ),
    )


def _in(languages: Sequence[str], texts: Texts) -> dict[str, str]:
    """The texts that are asked: those of the poll's languages."""
    return {language: text for language, text in texts.items() if language in languages}


def problems_of(poll: Poll) -> list[Problem]:
    """What must be mended in its questions before it can be put to people. Three queries."""
    questionnaire = build_questionnaire(poll)
    found = validate(questionnaire)
    if poll.is_secret:
        found += validate_secret(questionnaire)
    return found


@transaction.atomic
def add_page(actor: Any, *, poll: Poll, title: Texts, intro: Texts) -> QuestionPage:
    """A page at the end."""
    _editing(actor, poll)
    pages = list(poll.pages.order_by("order", "id"))
    if len(pages) >= MOST_PAGES:
        message = _("A questionnaire has at most %(most)s pages.") % {"most": MOST_PAGES}
        raise Refused(no("too_many_pages", message, 400))
    taken = {page.key for page in pages}
    key = next(key for n in range(1, MOST_PAGES + 2) if (key := f"p{n}") not in taken)
    return QuestionPage.objects.create(
        poll=poll,
        key=key,
        order=pages[-1].order + 1 if pages else 0,
        title=_texts(title, LONGEST_LABEL),
        intro=_texts(intro, LONGEST_INTRO),
    )


@transaction.atomic
def edit_page(actor: Any, *, page: QuestionPage, title: Texts, intro: Texts) -> QuestionPage:
    _editing(actor, page.poll)
    page.title = _texts(title, LONGEST_LABEL)
    page.intro = _texts(intro, LONGEST_INTRO)
    page.save(update_fields=["title", "intro"])
    return page


@transaction.atomic
def remove_page(actor: Any, *, page: QuestionPage) -> None:
    """Remove a page that asks nothing. Refused (409) while there are questions on it."""
    _editing(actor, page.poll)
    if page.questions.exists():
        message = _("Move or remove the questions on this page first.")
        raise Refused(no("page_not_empty", message, 409))
    page.delete()


@transaction.atomic
def move_page(actor: Any, *, page: QuestionPage, step: int) -> bool:
    """Move a page before the one above it (`step` -1) or behind the one below (1). Whether it moved."""
    _editing(actor, page.poll)
    rows = list(page.poll.pages.order_by("order", "id"))
    return _moved(rows, page, step)


@transaction.atomic
def add_question(
    actor: Any, *, page: QuestionPage, question: definition.Question, place: int | None = None
) -> Question:
    """Ask one more question on a page, at its end or at a `place` (from 0). Key "" gets a free one."""
    _editing(actor, page.poll)
    keys = set(page.poll.questions.values_list("key", flat=True))
    if len(keys) >= MOST_QUESTIONS:
        message = _("Ask at most %(most)s questions.") % {"most": MOST_QUESTIONS}
        raise Refused(no("too_many_questions", message, 400))
    question = replace(question, key=question.key or free_key("q", keys))
    _check_key(question.key, keys)
    rows = list(page.questions.order_by("order", "id"))
    row = Question(poll=page.poll, page=page, order=len(rows))
    _write(row, question)
    rows.insert(len(rows) if place is None else place, row)
    _number(rows)
    return row


@transaction.atomic
def edit_question(actor: Any, *, row: Question, question: definition.Question) -> Question:
    """Write a question anew, with what can be chosen. Its place stays."""
    _editing(actor, row.poll)
    others = set(row.poll.questions.exclude(pk=row.pk).values_list("key", flat=True))
    question = replace(question, key=question.key or row.key)
    _check_key(question.key, others)
    row.options.all().delete()
    _write(row, question)
    return row


@transaction.atomic
def place_question(actor: Any, *, row: Question, page: QuestionPage) -> None:
    """Put a question at the end of another page of the same poll."""
    _editing(actor, row.poll)
    if page.poll_id != row.poll_id:
        raise Refused(no("unknown_page", _("That page is not part of this."), 400))
    if page.pk != row.page_id:
        there = list(page.questions.order_by("order", "id"))
        row.page = page
        row.save(update_fields=["page"])
        _number([*there, row])


@transaction.atomic
def move_question(actor: Any, *, row: Question, step: int) -> bool:
    """Move a question up (`step` -1) or down (1); beyond the edge of its page, to the next page.
    Whether it moved."""
    _editing(actor, row.poll)
    rows = list(row.page.questions.order_by("order", "id"))
    if _moved(rows, row, step):
        return True
    pages = list(row.poll.pages.order_by("order", "id"))
    place = [page.pk for page in pages].index(row.page_id) + step
    if not 0 <= place < len(pages):
        return False
    there = list(pages[place].questions.order_by("order", "id"))
    row.page = pages[place]
    row.save(update_fields=["page"])
    _number([row, *there] if step > 0 else [*there, row])
    return True


@transaction.atomic
def copy_question(actor: Any, *, row: Question) -> Question:
    """The same question once more, right after it, with a key of its own."""
    keys = set(row.poll.questions.values_list("key", flat=True))
    question = replace(build_question(row), key=free_key(row.key, keys))
    rows = list(row.page.questions.order_by("order", "id").values_list("pk", flat=True))
    return add_question(actor, page=row.page, question=question, place=rows.index(row.pk) + 1)


@transaction.atomic
def remove_question(actor: Any, *, row: Question) -> dict[str, Any]:
    """Remove a question. What is returned (plain JSON) brings it back: see `restore_question`."""
    _editing(actor, row.poll)
    asked = definition.Questionnaire((definition.Page("", {}, {}, (build_question(row),)),))
    rows = list(row.page.questions.order_by("order", "id").values_list("pk", flat=True))
    removed = {
        "poll": row.poll_id,
        "page": row.page.key,
        "place": rows.index(row.pk),
        "definition": asked.to_json(),
    }
    row.delete()
    return removed


@transaction.atomic
def restore_question(actor: Any, *, poll: Poll, removed: Mapping[str, Any]) -> Question:
    """Bring back what `remove_question` returned, at its place; on the last page if its own is gone."""
    _editing(actor, poll)
    pages = {page.key: page for page in poll.pages.order_by("order", "id")}
    if removed.get("poll") != poll.pk:
        raise Refused(no("not_removed", _("There is nothing to bring back."), 409))
    (question,) = definition.from_json(removed["definition"]).questions()
    page = pages.get(removed["page"]) or next(reversed(pages.values()), None)
    if page is None:
        page = add_page(actor, poll=poll, title={}, intro={})
    keys = set(poll.questions.values_list("key", flat=True))
    question = replace(question, key=free_key(question.key, keys))
    return add_question(actor, page=page, question=question, place=removed["place"])


def free_key(key: str, taken: set[str]) -> str:
    """`key` if it is free, else with the first number that makes it so; "q" always gets a number."""
    if key != "q" and key not in taken:
        return key
    stem = key.rstrip("0123456789").rstrip("-")[:34] or "q"
    glue = "" if stem == "q" else "-"
    first = 1 if stem == "q" else 2
    return next(k for n in range(first, len(taken) + 3) if (k := f"{stem}{glue}{n}") not in taken)


def write_rows(page: QuestionPage, questions: tuple[definition.Question, ...]) -> None:
    """All questions of a page that is new. Asks nobody: for actions that have asked."""
    for order, question in enumerate(questions):
        _write(Question(poll=page.poll, page=page, order=order), question)


def _editing(actor: Any, poll: Poll) -> None:
    """Refuse who may not; hold the poll's row, so that two editors do not number at once."""
    locked = Poll.objects.select_for_update(of=("self",)).select_related("process").get(pk=poll.pk)
    require(may_edit_poll(actor, locked))
    if locked.process.kind in QUESTIONNAIRES:
        message = _("What this ballot asks is made elsewhere: it has no questions of its own.")
        raise Refused(no("not_written_here", message, 409))


def _check_key(key: str, taken: set[str]) -> None:
    if key in taken:
        message = _("Another question has the short name “%(key)s”.") % {"key": key}
        raise Refused(no("key_taken", message, 400))
    if not definition_key_fits(key):
        message = _("The short name may hold letters without accents, digits, “-” and “_”.")
        raise Refused(no("key_unfit", message, 400))


def definition_key_fits(key: str) -> bool:
    return 0 < len(key) <= 40 and key.isascii() and key.replace("-", "").replace("_", "").isalnum()


def _write(row: Question, question: definition.Question) -> None:
    """Write a question's row and those of what can be chosen. Two queries, three if it is new."""
    for name in _FIELDS:
        setattr(row, name, getattr(question, name))
    row.kind = question.kind.value
    row.title = _texts(question.title, LONGEST_LABEL)
    row.help = _texts(question.help, LONGEST_INTRO)
    if row.pk is None:
        row.save()
    else:
        row.save(update_fields=list(_FIELDS))
    groups: tuple[tuple[OptionRole, tuple[definition.Option | definition.Item, ...]], ...] = (
        (OptionRole.OPTION, question.options),
        (OptionRole.ITEM, question.items),
        (OptionRole.POINT, question.points),
    )
    Option.objects.bulk_create(
        Option(
            question=row,
            role=role,
            key=thing.key,
            order=order,
            label=_texts(thing.label, LONGEST_LABEL),
            is_other=getattr(thing, "is_other", False),
        )
        for role, things in groups
        for order, thing in enumerate(things)
    )


def _moved(rows: list[Any], row: Any, step: int) -> bool:
    place = [one.pk for one in rows].index(row.pk)
    target = place + (1 if step > 0 else -1)
    if not 0 <= target < len(rows):
        return False
    rows[place], rows[target] = rows[target], rows[place]
    _number(rows)
    return True


def _number(rows: list[Any]) -> None:
    """Write the order of rows that stand elsewhere than before. One query."""
    changed = []
    for order, row in enumerate(rows):
        if row.order != order:
            row.order = order
            changed.append(row)
    if changed:
        type(changed[0]).objects.bulk_update(changed, ["order"])


def _texts(texts: Texts, longest: int) -> dict[str, str]:
    """Texts by language as they are stored: cleaned, the empty ones left out. Refuses what is too long."""
    cleaned = {language: clean_text(text).strip() for language, text in texts.items()}
    if any(len(text) > longest for text in cleaned.values()):
        message = _("A text is longer than %(longest)s characters.") % {"longest": longest}
        raise Refused(no("too_long", message, 400))
    return {language: text for language, text in cleaned.items() if text}
