"""What the letters of many people about one process are made of, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.functions import Left
from django.utils.functional import cached_property

from answers.models import Answer
from common.texts import Localized, Phrase, named
from deliberation.models import Comment, Position, Source
from processes.kinds import PROCESS_TYPES, PROPOSAL_KINDS, EntryKind, LetterPart
from processes.models import Entry, Process, Subject

BEGINNING = 400  # characters of a text, of which a letter shows fewer


@dataclass(slots=True)
class Share:
    """What one person did: positions as {subject id: value}, and what stands of their words."""

    positions: dict[int, str] = field(default_factory=dict)
    proposals: list[int] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def subject_ids(self) -> list[int]:
        """All that the person took part in, own proposals first, each once."""
        ids = [
            *self.proposals,
            *(comment.subject_id for comment in self.comments),
            *(source.subject_id for source in self.sources),
            *self.positions,
        ]
        return list(dict.fromkeys(ids))

    def spoken_for(self) -> list[int]:
        """What the person wrote, supported or argued: whose answers are owed to them."""
        agreed = [pk for pk, value in self.positions.items() if value == "agree"]
        argued = [comment.subject_id for comment in self.comments]
        return list(dict.fromkeys([*self.proposals, *argued, *agreed]))


class Material:
    """Everything that letters of one entry to these people say. Seven queries, and for each
    language that is asked for two, or up to seven where the process was about voting."""

    def __init__(self, entry: Entry, user_ids: Sequence[int]) -> None:
        self.entry = entry
        self.process: Process = entry.process
        self.user_ids = list(user_ids)
        self.shares: dict[int, Share] = defaultdict(Share)
        self._take_positions(user_ids)
        self._take_words(user_ids)
        ids = {pk for share in self.shares.values() for pk in share.subject_ids()}
        self.subjects: dict[int, Subject] = {
            subject.pk: subject
            for subject in Subject.objects.filter(pk__in=ids)
            .annotate(beginning=Left("text", BEGINNING))
            .only("process_id", "kind", "title", "titles", "language", "agree_count", "hidden_at")
        }
        self.answers: dict[int, Answer] = {
            answer.subject_id: answer for answer in Answer.objects.filter(subject__in=ids)
        }
        self._titles: dict[str, dict[int, Localized]] = {}
        self._changes: dict[str, dict[int, LetterPart]] = {}
        self._results: dict[str, list[tuple[Phrase | Localized, str]]] = {}
        self._chosen: dict[str, dict[int, LetterPart]] = {}

    def _take_positions(self, user_ids: Sequence[int]) -> None:
        rows = Position.objects.filter(
            user__in=user_ids, subject__process=self.process, value__isnull=False
        ).order_by("subject_id")
        for user_id, subject_id, value in rows.values_list("user_id", "subject_id", "value"):
            self.shares[user_id].positions[subject_id] = value or ""

    def _take_words(self, user_ids: Sequence[int]) -> None:
        proposals = Subject.objects.filter(
            author__in=user_ids,
            process=self.process,
            kind__in=PROPOSAL_KINDS,
            withdrawn_at__isnull=True,
        ).order_by("pk")
        for user_id, pk in proposals.values_list("author_id", "pk"):
            self.shares[user_id].proposals.append(pk)
        written: dict[str, Any] = {
            "author__in": user_ids,
            "subject__process": self.process,
            "withdrawn_at__isnull": True,
        }
        for comment in Comment.objects.filter(**written).order_by("pk"):
            self.shares[comment.author_id].comments.append(comment)
        for source in Source.objects.filter(**written).order_by("pk"):
            self.shares[source.author_id].sources.append(source)

    @cached_property
    def answer_count(self) -> int:
        """How many answers the public body gave in all."""
        return Answer.objects.filter(subject__process=self.process).count()

    @property
    def published_at(self) -> datetime:
        return self.entry.created_at

    @property
    def is_end(self) -> bool:
        """Whether this is the letter at the end of a process that carried out what was chosen."""
        built = PROCESS_TYPES[self.process.kind].built
        return built is not None and self.entry.kind == EntryKind.RESULTS_PUBLISHED

    def titles(self, language: str) -> dict[int, Localized]:
        """The titles of the subjects for a reader of `language`, as far as they exist in it."""
        if language not in self._titles:
            self._titles[language] = {
                pk: named(subject.title, subject.language, subject.titles, language)
                for pk, subject in self.subjects.items()
            }
        return self._titles[language]

    def results(self, language: str) -> list[tuple[Phrase | Localized, str]]:
        """What everybody is told of a vote or of what was built, in words of `language`; [] for
        other processes."""
        if language not in self._results:
            kind = PROCESS_TYPES[self.process.kind]
            find = kind.built if self.is_end else kind.results
            self._results[language] = find(self.process, language) if find else []
        return self._results[language]

    def chosen(self, language: str) -> dict[int, LetterPart]:
        """What became of what each person voted for, where that is known."""
        if language not in self._chosen:
            kind = PROCESS_TYPES[self.process.kind]
            find = kind.built_of if self.is_end else kind.chosen
            found = find(self.process, self.user_ids, language) if find else {}
            self._chosen[language] = found
        return self._chosen[language]

    def changes(self, language: str) -> dict[int, LetterPart]:
        """What became of the subjects in the text, in words of `language`."""
        if language not in self._changes:
            find = PROCESS_TYPES[self.process.kind].changes
            found = find(self.process, list(self.subjects), language) if find else {}
            self._changes[language] = found
        return self._changes[language]
