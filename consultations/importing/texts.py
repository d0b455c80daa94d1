"""The text of an imported consultation and what people wrote about it, as rows."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from common.html import clean_text, html_to_text, render_markdown
from consultations.actions.proposals import SUBJECT_TEXT
from consultations.actions.text import law_change
from consultations.drafting.diff import diff_html, diff_side_by_side
from consultations.importing.held import AmendmentRow, Bundle, Item, LawPair
from consultations.importing.people import People
from consultations.importing.progress import Advance
from consultations.kinds import ProposalKind, SectionKind
from consultations.models import Consultation, Proposal, Section, Version, Wording
from processes.kinds import SubjectKind
from processes.models import Subject

LANGUAGE = "fr"
BATCH = 500
TITLE_LIMIT = 300


def part_key(number: int) -> str:
    return f"part-{number}"


def item_key(number: int) -> str:
    return f"article-{number}"


def amendment_key(number: int) -> str:
    return f"amendment-{number}"


@lru_cache(maxsize=256)
def _law_change(pair: LawPair) -> dict[str, Any]:
    return law_change(pair.title, pair.before, pair.after)


@dataclass
class Texts:
    """The rows of one consultation that exist, by the key that the files know them by."""

    consultation: Consultation
    version: Version
    people: People
    end: datetime

    def __post_init__(self) -> None:
        self.subjects: dict[str, int] = {}
        rows = self.consultation.sections.exclude(key="").select_related("subject")
        self.sections = {section.key: section for section in rows}
        self.subjects |= {key: s.subject_id for key, s in self.sections.items() if s.subject_id}
        self.proposals = dict(
            self.consultation.proposals.exclude(key="").values_list("key", "subject_id")
        )
        self.subjects |= self.proposals

    def _subject(self, kind: SubjectKind, title: str, html: str, **fields: Any) -> Subject:
        return Subject(
            process_id=self.consultation.process_id,
            kind=kind,
            title=title,
            text=html_to_text(html, SUBJECT_TEXT),
            language=LANGUAGE,
            **fields,
        )

    def write_draft(self, bundle: Bundle, advance: Advance) -> None:
        """Parts and the government's articles, in reading order."""
        order = 0
        for part in bundle.parts:
            section = self._section(
                part_key(part.number),
                SectionKind.SECTION,
                order,
                created_at=bundle.articles[0].created_at,
                label=part.label[:80],
                number=part.label.rpartition(" ")[2][:40],
                heading=clean_text(part.heading),
            )
            order += 1
            for item in bundle.articles:
                if item.part == part.number:
                    self._article(item, section, order)
                    order += 1
                    advance(1)

    def _article(self, item: Item, parent: Section, order: int) -> None:
        label, number, heading = item.label
        self._section(
            item_key(item.number),
            SectionKind.ARTICLE,
            order,
            created_at=item.created_at,
            parent=parent,
            level=1,
            label=label[:80],
            number=number[:40],
            heading=clean_text(heading),
            body=clean_text(item.body),
            explanation=clean_text(item.explanation),
            law_changes=[_law_change(pair) for pair in item.law],
        )

    def _section(
        self, key: str, kind: SectionKind, order: int, *, created_at: datetime, **words: Any
    ) -> Section:
        if key in self.sections:
            return self.sections[key]
        wording = Wording(version=self.version, language=LANGUAGE, order=order, **words)
        wording.body_html = render_markdown(wording.body)
        wording.explanation_html = render_markdown(wording.explanation)
        about = SubjectKind.PART if kind == SectionKind.SECTION else SubjectKind.SECTION
        subject = self._subject(about, wording.title, wording.body_html, created_at=created_at)
        subject.save(force_insert=True)
        section = Section.objects.create(
            consultation=self.consultation, kind=kind, key=key, subject=subject
        )
        wording.section = section
        wording.save(force_insert=True)
        self.sections[key] = section
        self.subjects[key] = subject.pk
        return section

    def write_proposals(self, bundle: Bundle, advance: Advance) -> None:
        """What participants proposed: new articles, then the amendments of one article."""
        amended = self.sections[item_key(bundle.amended.number)]
        wording = Wording.objects.get(section=amended, version=self.version, language=LANGUAGE)
        missing = [
            self._new_article(item)
            for item in bundle.proposed
            if item_key(item.number) not in self.proposals
        ]
        missing += [
            self._amendment(row, wording, amended)
            for row in bundle.amendments
            if amendment_key(row.number) not in self.proposals
        ]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            Subject.objects.bulk_create(subject for subject, _ in batch)
            for subject, proposal in batch:
                proposal.subject = subject
                self.proposals[proposal.key] = self.subjects[proposal.key] = subject.pk
            Proposal.objects.bulk_create(proposal for _, proposal in batch)
            advance(len(batch))

    def _new_article(self, item: Item) -> tuple[Subject, Proposal]:
        """One that the organisers had put in the bin is readable and counted, but locked."""
        section = self.sections[part_key(item.part)]
        proposal = self._proposal(
            ProposalKind.NEW_ARTICLE,
            item_key(item.number),
            item.body or item.title,
            item.explanation,
        )
        proposal.section = section
        proposal.law_changes = [_law_change(pair) for pair in item.law]
        proposal.created_at = item.created_at
        subject = self._subject(
            SubjectKind.NEW_ARTICLE,
            clean_text(item.title)[:TITLE_LIMIT],
            proposal.body_html,
            parent_id=section.subject_id,
            author_id=self.people.author(item.author),
            created_at=item.created_at,
            locked_at=self.end if item.is_binned else None,
        )
        return subject, proposal

    def _amendment(
        self, row: AmendmentRow, wording: Wording, section: Section
    ) -> tuple[Subject, Proposal]:
        """The row without a text of its own stands for the article as it was written."""
        is_original = row.after is None
        proposal = self._proposal(
            ProposalKind.AMENDMENT, amendment_key(row.number), row.after or wording.body, row.reason
        )
        proposal.section, proposal.wording = section, wording
        proposal.diff_html = str(_amendment_html(wording.body, proposal.body))
        proposal.diff_rows = _amendment_rows(wording.body, proposal.body)
        if row.law_title and not is_original:
            pair = LawPair(row.law_title, row.before, row.after or "")
            proposal.law_changes = [_law_change(pair)]
        proposal.created_at = row.created_at
        title = f"{wording.label} – texte d’origine" if is_original else clean_text(row.title)
        subject = self._subject(
            SubjectKind.AMENDMENT,
            title[:TITLE_LIMIT],
            proposal.body_html,
            parent_id=section.subject_id,
            author_id=self.people.voter(row.author),
            created_at=row.created_at,
        )
        return subject, proposal

    def _proposal(self, kind: ProposalKind, key: str, body: str, reason: str) -> Proposal:
        body, reason = clean_text(body), clean_text(reason)
        return Proposal(
            consultation=self.consultation,
            kind=kind,
            key=key,
            body=body,
            body_html=_html(body),
            reason=reason,
            reason_html=render_markdown(reason),
        )


@lru_cache(maxsize=32)
def _html(body: str) -> str:
    return render_markdown(body)


@lru_cache(maxsize=32)
def _amendment_html(before: str, after: str) -> str:
    return str(diff_html(before, after))


@lru_cache(maxsize=32)
def _amendment_rows(before: str, after: str) -> list[list[Any]]:
    return [list(row) for row in diff_side_by_side(before, after)]
