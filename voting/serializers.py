"""Polls, ballots and results as the API shows them."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import (
    AreaSerializer,
    OrganisationSerializer,
    TextsField,
    area_row,
    organisation_row,
)
from common.api import StrictSerializer
from common.resources import VerdictSerializer
from common.texts import localized
from processes.kinds import Status, process_path
from voting.box import text_of
from voting.kinds import (
    ChangePolicy,
    Channel,
    Eligibility,
    OpeningPolicy,
    PollKind,
    ResultsPolicy,
    Secrecy,
    ThresholdBase,
)
from voting.models import Booth, Poll
from voting.receipts import STATES, Found

SIDES = ("left", "right")
BOOTH_CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.WEB]


class PollSerializer(serializers.Serializer[Any]):
    """Questions put to people under declared rules, which never change once it has opened."""

    id = serializers.IntegerField()
    process = serializers.CharField(help_text="slug")
    kind = serializers.ChoiceField(PollKind.choices)
    title = serializers.CharField(help_text="in the language of the answer, or the next best")
    titles = TextsField()
    organisation = OrganisationSerializer()
    status = serializers.ChoiceField(Status.choices)
    secrecy = serializers.ChoiceField(Secrecy.choices, help_text="who can know what was answered")
    results_policy = serializers.ChoiceField(
        ResultsPolicy.choices, help_text="sealed: nobody sees a tally before the count"
    )
    change_policy = serializers.ChoiceField(ChangePolicy.choices)
    eligibility = serializers.ChoiceField(Eligibility.choices, help_text="who may answer")
    area = AreaSerializer(allow_null=True, help_text="whose residents may answer")
    opening_policy = serializers.ChoiceField(OpeningPolicy.choices)
    quorum = serializers.CharField(
        allow_null=True, help_text="share from 0 to 1, as a decimal text"
    )
    threshold = serializers.CharField(
        allow_null=True, help_text="share from 0 to 1, as a decimal text"
    )
    threshold_base = serializers.ChoiceField(ThresholdBase.choices)
    eligible_count = serializers.IntegerField(allow_null=True, min_value=0)
    shows_turnout = serializers.BooleanField(help_text="also while it is open")
    turnout = serializers.IntegerField(
        allow_null=True, min_value=0, help_text="people who voted; null while it is not shown"
    )
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    counted_at = serializers.DateTimeField(allow_null=True)
    definition_digest = serializers.CharField(
        allow_blank=True, help_text="SHA-256 of what is asked; empty before it opens"
    )
    root = serializers.CharField(
        allow_blank=True, help_text="of the hash tree over the published ballots of a secret poll"
    )
    url = serializers.URLField(help_text="page for people")


class BoothSerializer(serializers.Serializer[Any]):
    """Where ballots are taken on paper or by telephone."""

    name = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    channel = serializers.ChoiceField(BOOTH_CHANNELS)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="the count waits for all")
    end_reason = serializers.CharField(
        allow_blank=True, help_text="why sheets were left out, where some were"
    )


class MayVoteSerializer(serializers.Serializer[Any]):
    """What the person who asks may do now."""

    vote = VerdictSerializer()
    see_results = VerdictSerializer()


class PollDetailSerializer(PollSerializer):
    """A poll with all that it asks."""

    about = serializers.CharField(allow_blank=True, help_text="Markdown")
    abouts = TextsField()
    consent = serializers.CharField(
        allow_blank=True, help_text="what one agrees to by answering, Markdown"
    )
    consents = TextsField()
    group = serializers.CharField(allow_null=True, help_text="whose people may answer")
    definition = serializers.JSONField(
        help_text="pages with questions and options; before it opens as it stands now"
    )
    booths = BoothSerializer(many=True)
    voted = serializers.BooleanField(
        allow_null=True, help_text="whether I have; null for who is not signed in"
    )
    may = MayVoteSerializer()


class OutcomeSerializer(serializers.Serializer[Any]):
    """One result: of a question, or of the whole poll (question "")."""

    question = serializers.CharField(allow_blank=True)
    method = serializers.CharField(
        help_text="turnout, frequencies, groups, threshold, or the name of a tally"
    )
    result = serializers.JSONField(help_text="shaped by the method")


class ResultsSerializer(serializers.Serializer[Any]):
    """What was counted, from stored outcomes; of a live poll what is known so far."""

    poll = serializers.IntegerField()
    is_final = serializers.BooleanField()
    counted_at = serializers.DateTimeField()
    definition_digest = serializers.CharField()
    outcomes = OutcomeSerializer(many=True)


class BallotSerializer(serializers.Serializer[Any]):
    """A published ballot of a secret poll. Void: replaced by another, or answers null."""

    mark = serializers.CharField(help_text="SHA-256 to which the receipt code leads")
    answers = serializers.JSONField(allow_null=True, help_text="by question; null: withdrawn")
    replaces = serializers.CharField(
        allow_null=True, help_text="mark of the ballot that this one makes void"
    )
    channel = serializers.ChoiceField(Channel.choices)
    area = serializers.CharField(
        required=False, help_text="slug; only where a threshold counts by area"
    )


class BallotBody(StrictSerializer):
    """What somebody answers. Any question may be left out."""

    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text="{question: answer}, shaped by the kind of the question",
    )
    receipt = serializers.CharField(
        required=False,
        max_length=60,
        help_text="a receipt code drawn beforehand: sending it again finds the ballot taken",
    )
    former = serializers.CharField(
        required=False,
        max_length=60,
        help_text="in a secret poll the receipt code of the ballot that this one replaces",
    )
    code = serializers.CharField(
        required=False, max_length=60, help_text="an invitation code, where one is needed"
    )


class WithdrawBody(StrictSerializer):
    """Which ballot is withdrawn: one's own is known, but in a secret poll."""

    former = serializers.CharField(
        required=False, max_length=60, help_text="in a secret poll its receipt code"
    )
    code = serializers.CharField(required=False, max_length=60, help_text="the invitation code")


class ReceiptSerializer(serializers.Serializer[Any]):
    """What the voter keeps. The site keeps the mark alone."""

    receipt = serializers.CharField()
    mark = serializers.CharField()


class ReceiptBody(StrictSerializer):
    """A receipt code, however its groups are written."""

    receipt = serializers.CharField(max_length=60)


class StepSerializer(serializers.Serializer[Any]):
    """A sibling on the way from a leaf up to the root (RFC 6962)."""

    side = serializers.ChoiceField(SIDES)
    hash = serializers.CharField()


class FoundSerializer(serializers.Serializer[Any]):
    """A ballot that was found; what it says once all ballots are published."""

    mark = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    ballot = BallotSerializer(allow_null=True)
    leaf = serializers.CharField(allow_blank=True)
    index = serializers.IntegerField(min_value=0)
    size = serializers.IntegerField(min_value=0)
    root = serializers.CharField(allow_blank=True)
    proof = StepSerializer(many=True)


def poll_row(poll: Poll, pages: str) -> dict[str, Any]:
    """A row of `listing.with_status`, with process, body and area. No query."""
    process = poll.process
    title = poll.title or process.title
    is_shown = poll.shows_turnout or poll.closed_at is not None
    return {
        "id": poll.pk,
        "process": process.slug,
        "kind": poll.kind,
        "title": localized(title).text,
        "titles": title,
        "organisation": organisation_row(process.organisation),
        "status": poll.status,  # type: ignore[attr-defined]
        "secrecy": poll.secrecy,
        "results_policy": poll.results_policy,
        "change_policy": poll.change_policy,
        "eligibility": poll.eligibility,
        "area": area_row(poll.area),
        "opening_policy": poll.opening_policy,
        "quorum": text_of(poll.quorum),
        "threshold": text_of(poll.threshold),
        "threshold_base": poll.threshold_base,
        "eligible_count": poll.eligible_count,
        "shows_turnout": poll.shows_turnout,
        "turnout": poll.turnout_count if is_shown else None,
        "opens_at": process.opens_at,
        "closes_at": process.closes_at,
        "opened_at": poll.opened_at,
        "closed_at": poll.closed_at,
        "counted_at": poll.counted_at,
        "definition_digest": poll.definition_digest,
        "root": poll.root,
        "url": pages + process_path(process),
    }


def booth_row(booth: Booth) -> dict[str, Any]:
    return {
        "name": booth.name,
        "place": booth.place,
        "channel": booth.channel,
        "ended_at": booth.ended_at,
        "end_reason": booth.end_reason,
    }


def found_row(found: Found, root: str) -> dict[str, Any]:
    """What a receipt led to."""
    return {
        "mark": found.mark,
        "state": found.state,
        "ballot": found.ballot,
        "leaf": found.leaf,
        "index": found.index,
        "size": found.size,
        "root": root,
        "proof": [{"side": side, "hash": sibling} for side, sibling in found.way],
    }
