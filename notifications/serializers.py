"""Result letters as the API shows them."""

from typing import Any

from rest_framework import serializers

from answers.kinds import Decision
from common.texts import localized
from deliberation.kinds import PositionValue
from notifications.letters import Letter
from notifications.models import Delivery, Follow
from processes.kinds import SUBJECT_TYPES, SubjectKind


class FollowSerializer(serializers.Serializer[Any]):
    """A subject that one follows."""

    subject = serializers.IntegerField()
    kind = serializers.ChoiceField(SubjectKind.choices)
    process = serializers.CharField(help_text="slug")
    title = serializers.CharField(allow_blank=True, help_text="empty for what is hidden")
    since_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="page for people")


class FollowedSerializer(serializers.Serializer[Any]):
    """Whether the person who asks follows a subject."""

    subject = serializers.IntegerField()
    followed = serializers.BooleanField()


class LetterHeadSerializer(serializers.Serializer[Any]):
    """A letter in one's inbox."""

    id = serializers.IntegerField()
    process = serializers.CharField(help_text="slug")
    title = serializers.CharField(help_text="of the process")
    sent_at = serializers.DateTimeField(help_text="when the results were published")
    read_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField(help_text="page for people")


class SaidSerializer(serializers.Serializer[Any]):
    """One position or contribution of one's own."""

    kind = serializers.CharField(help_text="in words")
    where = serializers.CharField(allow_blank=True, help_text="title of what it is about")
    value = serializers.ChoiceField(
        PositionValue.choices, allow_null=True, help_text="of a position"
    )
    text = serializers.CharField(allow_blank=True, help_text="beginning of a contribution")
    support = serializers.IntegerField(min_value=0)
    is_hidden = serializers.BooleanField(help_text="by a moderator")
    url = serializers.URLField()


class AnsweredSerializer(serializers.Serializer[Any]):
    """An answer to something that one said or agreed with."""

    where = serializers.CharField(allow_blank=True)
    decision = serializers.ChoiceField(Decision.choices)
    body = serializers.CharField(help_text="the reason, in Markdown")
    answered_at = serializers.DateTimeField()
    url = serializers.URLField()


class ChangedSerializer(serializers.Serializer[Any]):
    """What moved in the text where one took part."""

    where = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    lines = serializers.ListField(child=serializers.CharField(allow_blank=True))
    url = serializers.URLField()


class TotalSerializer(serializers.Serializer[Any]):
    """A figure of the whole process."""

    number = serializers.IntegerField(min_value=0)
    word = serializers.CharField()


class LetterSerializer(LetterHeadSerializer):
    """What became of what one said."""

    language = serializers.CharField()
    organisation = serializers.CharField(help_text="name of the public body")
    greeting = serializers.CharField()
    opening = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    said = SaidSerializer(many=True)
    answers = AnsweredSerializer(many=True)
    changed = ChangedSerializer(many=True)
    results = serializers.ListField(
        child=serializers.CharField(), help_text="of a poll, instead of what was said and answered"
    )
    totals = TotalSerializer(many=True)
    closing = serializers.CharField()


def follow_row(row: Follow, pages: str) -> dict[str, Any]:
    """A row of `Follow.objects.for_list`. No query."""
    subject = row.subject
    slug = subject.process.slug
    return {
        "subject": subject.pk,
        "kind": subject.kind,
        "process": slug,
        "title": "" if subject.hidden_at else subject.shown.text,
        "since_at": row.since_at,
        "url": pages + SUBJECT_TYPES[subject.kind].path(slug, subject.pk),
    }


def head_row(delivery: Delivery, pages: str) -> dict[str, Any]:
    """A row of `letters_of`. `pages` stands before the paths of pages."""
    process = delivery.entry.process
    return {
        "id": delivery.pk,
        "process": process.slug,
        "title": localized(process.title).text,
        "sent_at": delivery.sent_at or delivery.due_at,
        "read_at": delivery.read_at,
        "url": f"{pages}/inbox/letters/{delivery.pk}/",
    }


def letter_row(delivery: Delivery, letter: Letter, pages: str) -> dict[str, Any]:
    """The whole letter, composed with the site's address as its base."""
    return head_row(delivery, pages) | {
        "language": letter.language,
        "organisation": str(letter.body_name),
        "greeting": letter.greeting,
        "opening": letter.opening,
        "summary": str(letter.summary),
        "said": [
            {
                "kind": said.kind_word,
                "where": str(said.where),
                "value": said.value or None,
                "text": said.text,
                "support": said.support,
                "is_hidden": said.is_hidden,
                "url": said.href,
            }
            for said in letter.said
        ],
        "answers": [
            {
                "where": str(answer.where),
                "decision": answer.decision,
                "body": answer.reason,
                "answered_at": answer.answered_at,
                "url": answer.href,
            }
            for answer in letter.answers
        ],
        "changed": [
            {
                "where": str(change.where),
                "text": change.text,
                "lines": [str(text) for text, _href in change.lines],
                "url": change.href,
            }
            for change in letter.changed
        ],
        "results": [str(text) for text, _href in letter.results],
        "totals": [{"number": number, "word": word} for number, word in letter.totals],
        "closing": letter.closing,
    }
