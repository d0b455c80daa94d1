"""One consultation of the demonstration, told from its file by the actions that everybody uses."""

import random
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from accounts.models import Organisation, User
from answers.actions import answer, promise
from consultations.actions import (
    create_consultation,
    edit_wording,
    propose_amendment,
    propose_new_article,
    publish_version,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from consultations.models import Consultation, Section, Wording
from deliberation.actions import add_source, post_comment, support_comment, take_position
from deliberation.kinds import PositionValue
from demo.past import Past
from processes.actions import PhasePlan, set_phases
from processes.kinds import CONSULTING, Activity
from processes.models import Process, Topic

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("en", "fr")  # of the drafts; titles are in four
DISCUSSION = {"en": "Discussion", "fr": "Discussion", "kk": "Талқылау", "ru": "Обсуждение"}
ANSWERS = {
    "en": "Answers by the council",
    "fr": "Réponses de la mairie",
    "kk": "Әкімдіктің жауаптары",
    "ru": "Ответы мэрии",
}
PARTICIPATION = [activity for activity in CONSULTING if activity != Activity.ANSWER]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


class Story:
    """A consultation while it is being told. `subjects` are ids by what the file calls things."""

    def __init__(self, name: str, town: Organisation, people: dict[str, User], past: Past) -> None:
        self.data = read(name)
        self.town, self.people, self.past = town, people, past
        self.official = people["official"]
        self.subjects: dict[str, int] = {}
        self.consultation: Consultation

    @property
    def process(self) -> Process:
        return self.consultation.process

    def write(self) -> None:
        """The unpublished consultation with its text in two languages."""
        self.consultation = create_consultation(
            self.official,
            organisation=self.town,
            title=self.data["title"],
            summary=self.data["summary"],
            languages=list(LANGUAGES),
            about=self.data["about"],
            area=self.town.area,
            topics=list(Topic.objects.filter(slug__in=self.data["topics"])),
            slug=self.data["slug"],
        )
        self.write_text(self.data["draft"])
        for law in self.data.get("law", ()):
            self._change_law(law)

    def write_text(self, draft: str) -> None:
        for language in LANGUAGES:
            text = (TEXTS / f"{draft}.{language}.md").read_text(encoding="utf-8")
            write_draft(
                self.official,
                consultation=self.consultation,
                draft=parse_draft(text),
                language=language,
            )

    def _change_law(self, law: dict[str, Any]) -> None:
        for wording in Wording.objects.filter(
            version__consultation=self.consultation,
            section__kind="article",
            number=law["article"],
        ).select_related("version__consultation__process", "section"):
            language = wording.language
            edit_wording(
                self.official,
                wording=wording,
                kind=wording.section.kind,
                label=wording.label,
                number=wording.number,
                heading=wording.heading,
                body=wording.body,
                explanation=wording.explanation,
                law_changes=[tuple(law[part][language] for part in ("title", "before", "after"))],
            )

    def plan(self, opens: timedelta, closes: timedelta, answers: timedelta | None = None) -> None:
        """Set phases: when they open and close, as time before now (negative: after)."""
        phases = [PhasePlan(DISCUSSION, self.past.at(opens), self.past.at(closes), PARTICIPATION)]
        if answers is not None:
            phases.append(
                PhasePlan(ANSWERS, self.past.at(closes), self.past.at(answers), [Activity.ANSWER])
            )
        set_phases(self.official, process=self.process, plan=phases)

    def find_articles(self) -> None:
        """Learn the subjects of the current text."""
        self.consultation.refresh_from_db(fields=["current"])
        rows = Wording.objects.filter(
            version_id=self.consultation.current_id, language="en"
        ).select_related("section")
        for row in rows:
            self.subjects[f"{row.section.kind} {row.number}"] = row.section.subject_id

    def promise(self, due: timedelta) -> None:
        terms = self.data["promise"]
        promise(
            self.official,
            process=self.process,
            rule=terms["rule"],
            number=terms["number"],
            due_at=self.past.at(due),
        )

    def propose(self) -> None:
        """Amendments and new articles, and what people think of them."""
        for row in self.data.get("amendment", ()):
            proposal = propose_amendment(
                self.people[row["by"]],
                section_id=self._section(row["on"]),
                body=row["body"],
                reason=row["reason"],
                title=row["title"],
                language=row.get("language", "en"),
            )
            self._stand(row["key"], proposal.subject_id, row["counts"])
        for row in self.data.get("new_article", ()):
            proposal = propose_new_article(
                self.people[row["by"]],
                consultation=self.consultation,
                title=row["title"],
                body=row["body"],
                reason=row["reason"],
                section_id=self._section(row["on"]) if "on" in row else None,
                language=row.get("language", "en"),
            )
            self._stand(row["key"], proposal.subject_id, row["counts"])

    def _section(self, name: str) -> int:
        return Section.objects.values_list("pk", flat=True).get(subject_id=self.subjects[name])

    def _stand(self, name: str, subject_id: int, counts: list[int]) -> None:
        self.subjects[name] = subject_id
        values = zip(PositionValue.values, counts, strict=True)
        people = self._some(name)
        for value, number in values:
            for _ in range(number):
                take_position(next(people), subject_id=subject_id, value=value)

    def _some(self, name: str, without: str = "") -> Iterator[User]:
        """People of the town in an order that is the same on every machine."""
        working = {"official", "moderator", "administrator", without}
        keys = sorted(key for key in self.people if key not in working)
        random.Random(f"{self.data['slug']} {name}").shuffle(keys)  # noqa: S311 - not a secret
        return (self.people[key] for key in keys)

    def discuss(self) -> None:
        """Arguments with their replies, support and sources."""
        for row in self.data.get("argument", ()):
            comment_id = self._say(row, self.subjects[row["on"]], None, row["stance"])
            people = self._some(row["body"], without=row["by"])
            for _ in range(row["supports"]):
                support_comment(next(people), comment_id=comment_id)
        for row in self.data.get("source", ()):
            add_source(
                self.people[row["by"]],
                subject_id=self.subjects[row["on"]],
                title=row["title"],
                url=row["url"],
                category=row["category"],
                note=row["note"],
            )

    def _say(self, row: dict[str, Any], subject_id: int, parent_id: int | None, stance: str) -> int:
        comment = post_comment(
            self.people[row["by"]],
            subject_id=subject_id,
            body=row["body"],
            stance=stance,
            parent_id=parent_id,
            language=row.get("language", "en"),
        )
        for reply in row.get("reply", ()):
            self._say(reply, subject_id, comment.pk, "neutral")
        return comment.pk

    def judge(self) -> None:
        """Positions on the articles."""
        for row in self.data.get("position", ()):
            self._stand(row["on"], self.subjects[row["on"]], row["counts"])

    def answer(self) -> None:
        for row in self.data.get("answer", ()):
            answer(
                self.official,
                subject_id=self.subjects[row["on"]],
                decision=row["decision"],
                body=row["body"],
            )

    def publish_next(self) -> None:
        """The next version of the text, each change linked to what moved it."""
        terms = self.data["next"]
        self.write_text(terms["draft"])
        draft = self.consultation.versions.get(published_at__isnull=True)
        sections = dict(draft.wordings.filter(language="en").values_list("number", "section_id"))
        publish_version(
            self.official,
            consultation=self.consultation,
            moved_by={
                sections[row["article"]]: [self.subjects[name] for name in row["by"]]
                for row in terms["moved"]
            },
            notes={sections[row["article"]]: row["note"] for row in terms["moved"]},
            note=terms["note"],
        )
