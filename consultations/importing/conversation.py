"""What people said about an imported text: arguments and sources, as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.html import clean_text, render_markdown
from consultations.importing.held import Argument, Bundle, Item, Link
from consultations.importing.progress import Advance
from consultations.importing.texts import BATCH, LANGUAGE, TITLE_LIMIT, Texts, item_key
from deliberation.kinds import SourceCategory
from deliberation.models import Comment, Source

CATEGORIES = {
    "Articles de presse": SourceCategory.ARTICLE,
    "Billet de blog": SourceCategory.BLOG,
    "Manuel / Guide": SourceCategory.BOOK,
    "Lois et règlements": SourceCategory.LAW,
    "Rapport / Étude": SourceCategory.STUDY,
    "Article scientifique": SourceCategory.STUDY,
    "Thèse / Mémoire": SourceCategory.STUDY,
    "Site internet": SourceCategory.SITE,
    "Document audiovisuel / iconographique": SourceCategory.MEDIA,
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """Arguments and sources beside the articles of `texts`."""

    texts: Texts

    def write_arguments(self, bundle: Bundle, advance: Advance) -> dict[int, int]:
        """Arguments; {number in the file: id of the comment}.

        One that is there is known by subject, author and moment: its author is a generated person
        who writes nothing else.
        """
        present = _present(Comment, self.texts.consultation.process_id)
        ids: dict[int, int] = {}
        fresh: list[tuple[Argument, Comment]] = []
        for item in bundle.items:
            for argument in item.arguments:
                key = self._key(item, argument)
                if key in present:
                    ids[argument.number] = present[key]
                else:
                    fresh.append((argument, self._comment(key, argument)))
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            Comment.objects.bulk_create(comment for _, comment in batch)
            ids |= {argument.number: comment.pk for argument, comment in batch}
            advance(len(batch))
        return ids

    def _key(self, item: Item, thing: Argument | Link) -> tuple[int, int, datetime]:
        subject_id = self.texts.subjects[item_key(item.number)]
        return subject_id, self.texts.people.author(thing.author), thing.created_at

    def _comment(self, key: tuple[int, int, datetime], argument: Argument) -> Comment:
        body = clean_text(argument.body)
        return Comment(
            subject_id=key[0],
            author_id=key[1],
            created_at=key[2],
            stance=argument.stance,
            body=body,
            body_html=render_markdown(body),
            language=LANGUAGE,
        )

    def write_sources(self, bundle: Bundle, advance: Advance) -> None:
        """Documents beside articles; known again as arguments are."""
        present = _present(Source, self.texts.consultation.process_id)
        Source.objects.bulk_create(
            (
                self._source(key, link)
                for item in bundle.items
                for link in item.links
                if (key := self._key(item, link)) not in present
            ),
            batch_size=BATCH,
        )
        advance(sum(len(item.links) for item in bundle.items))

    def _source(self, key: tuple[int, int, datetime], link: Link) -> Source:
        has_scheme = link.url.startswith(("http://", "https://"))
        return Source(
            subject_id=key[0],
            author_id=key[1],
            created_at=key[2],
            title=clean_text(link.title or link.url)[:TITLE_LIMIT],
            url=link.url if has_scheme else f"http://{link.url}",
            category=CATEGORIES.get(link.category, SourceCategory.OTHER),
            note=clean_text(link.note),
            language=LANGUAGE,
        )


def _present(model: Any, process_id: int) -> dict[tuple[int, int, datetime], int]:
    rows: Iterable[Sequence[Any]] = model.objects.filter(
        subject__process_id=process_id, author__generated_at__isnull=False
    ).values_list("subject_id", "author_id", "created_at", "pk")
    return {(subject, author, at): pk for subject, author, at, pk in rows}
