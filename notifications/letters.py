"""The result letter: what a person said, what was answered, what changed because of it.

Mail, page and program interface show the same `Letter`. It is composed when it is read, so that
the page shows an answer that was changed later; the mail says what stood when it was sent.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from answers.models import Answer
from common.html import SafeHTML, html_to_text, shorten, trusted
from common.texts import Localized, Phrase, localized
from common.ui import moments, words
from notifications.material import Material, Share
from notifications.models import Delivery
from processes.kinds import (
    PROCESS_TYPES,
    PROPOSAL_KINDS,
    SUBJECT_TYPES,
    EntryKind,
    LetterPart,
    SubjectKind,
    process_path,
    subject_path,
)
from processes.models import Entry, Process, Subject

EXCERPT = 280  # characters of a contribution in a letter


@dataclass(frozen=True, slots=True)
class Said:
    """One position or contribution. `value` is a position's; `text` an excerpt, "" if there is
    none or a moderator hid it (`is_hidden`)."""

    kind_word: str
    where: Localized
    href: str
    language: str = ""
    value: str = ""
    position_word: str = ""
    text: str = ""
    support: int = 0
    is_hidden: bool = False

    @property
    def text_html(self) -> SafeHTML | str:
        return format_html("<p>{}</p>", self.text) if self.text else ""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the public body. `reason` is Markdown, `reason_text` one line without marks."""

    where: Localized
    href: str
    decision: str
    decision_word: str
    by: str
    reason: str
    reason_text: str
    reason_html: SafeHTML
    language: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """What moved in the text. Lines are (sentence, href or "")."""

    where: Localized
    href: str
    text: str
    lines: tuple[tuple[Phrase | Localized, str], ...]
    diff_html: SafeHTML | str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter, in `language`. Every href begins with what `compose` was given as `base`.

    Where there was a vote, `results` are what everybody is told, `chosen` is what became of what
    this person voted for (None where nobody knows) and `proposed` of what they had proposed.
    """

    language: str
    body_name: Localized
    place_and_date: str
    reference: str
    process_title: Localized
    process_href: str
    greeting: str
    opening: str
    summary: Localized
    said: tuple[Said, ...]
    answers: tuple[Answered, ...]
    changed: tuple[Changed, ...]
    results: tuple[tuple[Phrase | Localized, str], ...]
    chosen: LetterPart | None
    proposed: tuple[Changed, ...]
    title: str
    totals: tuple[tuple[int, str], ...]
    closing: str
    sender_name: Localized
    sender_role: str
    online_href: str


def compose(delivery: Delivery, *, language: str = "", base: str = "") -> Letter:
    """One letter, for a reader of `language` (the active one by default). Nine queries at most.

    `base` is put before every address: "" for pages, the site's address for mail.
    """
    material = Material(delivery.entry, [delivery.user_id])
    return Writer(material, language or get_language() or "en", base).write(
        delivery.user_id, str(delivery.user), delivery.pk
    )


class Writer:
    """Writes letters of one process in one language; what several letters say is worded once."""

    def __init__(self, material: Material, language: str, base: str = "") -> None:
        self.material = material
        self.language = language
        self.base = f"{base}/{language}"
        self._answers: dict[int, Answered] = {}
        self._changed: dict[int, Changed] = {}

    def write(self, user_id: int, name: str, delivery_id: int) -> Letter:
        """The letter of one person; `delivery_id` is that of the letter on the site."""
        share = self.material.shares.get(user_id) or Share()
        with override(self.language):
            return Letter(
                **self._frame,
                reference=f"{self.material.process.pk}/{delivery_id}",
                greeting=_("Dear %(name)s,") % {"name": name},
                said=tuple(self._said(share)),
                answers=tuple(self._answered(share)),
                changed=tuple(self._moved(share)),
                chosen=self._chosen(user_id),
                proposed=tuple(self._proposals(share)),
                online_href=f"{self.base}/inbox/letters/{delivery_id}/",
            )

    @cached_property
    def _frame(self) -> dict[str, Any]:
        """What every letter of the process says."""
        process = self.material.process
        body = localized(process.organisation.name, self.language)
        published = self.material.published_at
        results = [
            (text, self.base + path if path else "")
            for text, path in self.material.results(self.language)
        ]
        return {
            "language": self.language,
            "body_name": body,
            "place_and_date": moments.day(published),
            "title": title_of(self.material.entry),
            "process_title": localized(process.title, self.language),
            "process_href": self.base + process_path(process),
            "opening": _opening(is_end=self.material.is_end, is_vote=bool(results)),
            "results": tuple(results),
            "summary": localized(process.results_summary, self.language),
            "totals": () if results else tuple(_totals(process, self.material.answer_count)),
            "closing": _("Thank you for the time you gave to this."),
            "sender_name": body,
            "sender_role": "",
        }

    def _title(self, subject_id: int) -> Localized:
        return self.material.titles(self.language).get(subject_id, Localized("", ""))

    def _href(self, subject: Subject) -> str:
        return self.base + subject_path(subject, self.material.process.slug)

    def _said(self, share: Share) -> list[Said]:
        """Own words first, then positions."""
        said = [self._proposed(pk) for pk in share.proposals]
        for comment in share.comments:
            said.append(
                self._contribution(
                    _comment_word(comment.depth, comment.stance),
                    comment.subject_id,
                    "" if comment.hidden_at else html_to_text(comment.body_html, EXCERPT),
                    href=f"{self.base}/subjects/comments/{comment.pk}/",
                    support=comment.support_count,
                    is_hidden=comment.hidden_at is not None,
                    language=comment.language,
                )
            )
        for source in share.sources:
            said.append(
                self._contribution(
                    _("Your source"),
                    source.subject_id,
                    "" if source.hidden_at else source.title,
                    is_hidden=source.hidden_at is not None,
                    language=source.language,
                )
            )
        return said + [self._position(pk, value) for pk, value in share.positions.items()]

    def _contribution(
        self, kind_word: str, subject_id: int, text: str, *, href: str = "", **more: object
    ) -> Said:
        subject = self.material.subjects[subject_id]
        where = self._title(subject_id)
        return Said(kind_word, where, href or self._href(subject), text=text, **more)  # type: ignore[arg-type]

    def _proposed(self, pk: int) -> Said:
        subject = self.material.subjects[pk]
        return Said(
            _kind_word(subject.kind),
            self._title(pk),
            self._href(subject),
            language=subject.language,
            text="" if subject.hidden_at else shorten(subject.beginning, EXCERPT),  # type: ignore[attr-defined]
            support=subject.agree_count,
            is_hidden=subject.hidden_at is not None,
        )

    def _position(self, pk: int, value: str) -> Said:
        word = words.positions()[value].mine
        subject = self.material.subjects[pk]
        return Said(_("Your position"), self._title(pk), self._href(subject), "", value, word)

    def _answered(self, share: Share) -> list[Answered]:
        answers = self.material.answers
        return [self._answer(answers[pk]) for pk in share.spoken_for() if pk in answers]

    def _answer(self, answer: Answer) -> Answered:
        found = self._answers.get(answer.subject_id)
        if found is None:
            subject = self.material.subjects[answer.subject_id]
            found = self._answers[answer.subject_id] = Answered(
                where=self._title(answer.subject_id),
                href=self._href(subject),
                decision=answer.decision,
                decision_word=words.decision(answer.decision),
                by=_("%(body)s, %(day)s")
                % {
                    "body": self._frame["body_name"],
                    "day": moments.day(answer.changed_at or answer.answered_at),
                },
                reason=answer.body,
                reason_text=html_to_text(answer.body_html),
                reason_html=trusted(answer.body_html),
                language=answer.language,
                answered_at=answer.changed_at or answer.answered_at,
            )
        return found

    def _chosen(self, user_id: int) -> LetterPart | None:
        part = self.material.chosen(self.language).get(user_id)
        if part is None:
            return None
        lines = tuple((text, self.base + path if path else "") for text, path in part.lines)
        return replace(part, lines=lines)

    def _proposals(self, share: Share) -> list[Changed]:
        """Own proposals where there was a vote: what became of each."""
        if not self._frame["results"]:
            return []
        changes = self.material.changes(self.language)
        return [self._change(pk) for pk in share.proposals if pk in changes]

    def _moved(self, share: Share) -> list[Changed]:
        """What contributions moved comes first, and is not told again of the article."""
        changes = self.material.changes(self.language)
        moved: list[Changed] = []
        told: set[tuple[Phrase | Localized, str]] = set()
        subjects = self.material.subjects
        ids = sorted(share.subject_ids(), key=lambda pk: subjects[pk].kind not in PROPOSAL_KINDS)
        for pk in ids:
            if pk in changes and not told.issuperset(changes[pk].lines):
                told.update(changes[pk].lines)
                moved.append(self._change(pk))
        return moved

    def _change(self, pk: int) -> Changed:
        found = self._changed.get(pk)
        if found is None:
            part = self.material.changes(self.language)[pk]
            subject = self.material.subjects[pk]
            found = self._changed[pk] = Changed(
                where=self._title(pk),
                href=self._href(subject),
                text=part.heading,
                lines=tuple((text, self.base + path if path else "") for text, path in part.lines),
                diff_html=trusted(part.diff_html),
                language=part.language,
            )
        return found


def name_of(entry: Entry) -> str:
    """What a letter is called in a list and as a mail's subject; %(title)s is the process's."""
    if entry.kind == EntryKind.PROJECTS_CHOSEN:
        return _("What was chosen: %(title)s")
    if PROCESS_TYPES[entry.process.kind].built is not None:
        return _("What was carried out: %(title)s")
    if PROCESS_TYPES[entry.process.kind].results is not None:
        return _("The result: %(title)s")
    return _("What became of what you said: %(title)s")


def title_of(entry: Entry) -> str:
    """The heading of a letter."""
    if entry.kind == EntryKind.PROJECTS_CHOSEN:
        return _("What was chosen")
    if PROCESS_TYPES[entry.process.kind].built is not None:
        return _("What was carried out")
    if PROCESS_TYPES[entry.process.kind].results is not None:
        return _("The result")
    return _("What became of what you said")


def _opening(*, is_end: bool, is_vote: bool) -> str:
    if is_end:
        return _("This has come to its end. You took part, and this is what was carried out.")
    if is_vote:
        return _("Voting has ended and the votes were counted. You took part; this is the result.")
    return _("The results are published. You took part, and this is what became of what you said.")


def _totals(process: Process, answer_count: int) -> list[tuple[int, str]]:
    people, said = process.participant_count, process.contribution_count
    return [
        (people, ngettext("person took part", "people took part", people)),
        (said, ngettext("contribution", "contributions", said)),
        (process.position_count, ngettext("position", "positions", process.position_count)),
        (answer_count, ngettext("answer", "answers", answer_count)),
    ]


@lru_cache(maxsize=64)
def _word_in(kind: str, language: str) -> str:
    kind_words = {
        SubjectKind.AMENDMENT: _("Your amendment"),
        SubjectKind.NEW_ARTICLE: _("Your new article"),
        SubjectKind.PROJECT: _("Your project"),
    }
    return kind_words.get(SubjectKind(kind)) or str(SUBJECT_TYPES[kind].label)


def _kind_word(kind: str) -> str:
    return _word_in(kind, get_language() or "")


def _comment_word(depth: int, stance: str) -> str:
    if depth:
        return _("Your reply")
    by_stance = {"for": _("Your argument for"), "against": _("Your argument against")}
    return by_stance.get(stance) or _("Your comment")
