"""What was loaded beside what the files hold. Both sides are counted, neither is remembered."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from consultations.importing.held import Bundle, Item, Totals
from consultations.importing.load import Loaded
from consultations.importing.people import address
from consultations.importing.texts import amendment_key, item_key
from consultations.kinds import ProposalKind, SectionKind
from consultations.models import Proposal, Section, Wording
from deliberation.kinds import PositionValue, Stance
from deliberation.models import Comment, Position, Source, Support
from processes.models import Subject


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    loaded: int
    in_files: int

    @property
    def is_equal(self) -> bool:
        return self.loaded == self.in_files


def compare(bundle: Bundle, loaded: Loaded) -> list[Line]:
    """Line by line. Only rows of imported people count as loaded; others may have come since."""
    theirs = _Theirs(loaded)
    return [
        *_texts(bundle, loaded, theirs),
        *_arguments(bundle, theirs),
        *_amendments(bundle, loaded, theirs),
        *_positions(bundle, loaded, theirs),
    ]


class _Theirs:
    """What the generated people of this import did, in a few queries."""

    def __init__(self, loaded: Loaded) -> None:
        process_id, suffix = loaded.process.pk, address(loaded.process.slug, "")
        self.subjects = _keys(loaded)
        own = {"subject__process_id": process_id, "author__email__endswith": suffix}
        self.comments = Comment.objects.filter(**own)
        self.sources = Source.objects.filter(**own)
        positions = Position.objects.filter(
            subject__process_id=process_id, user__email__endswith=suffix
        )
        self.supports = Support.objects.filter(
            comment__subject__process_id=process_id,
            user__email__endswith=suffix,
            ended_at__isnull=True,
        )
        self.positions = positions
        self.totals: dict[int, Totals] = defaultdict(Totals)
        values = positions.filter(value__isnull=False).values("subject_id")
        counts = {value: Count("pk", filter=Q(value=value)) for value in PositionValue.values}
        for row in values.annotate(**counts):
            self.totals[row["subject_id"]] = Totals(row["agree"], row["mixed"], row["disagree"])
        self.stances = Counter(self.comments.values_list("subject_id", "stance"))
        self.links = Counter(self.sources.values_list("subject_id", flat=True))

    def sum(self, keys: list[str]) -> Totals:
        return sum((self.totals[self.subjects[k]] for k in keys if k in self.subjects), Totals())

    def is_as_in_files(self, item: Item) -> bool:
        subject = self.subjects.get(item_key(item.number))
        stances = Counter(argument.stance for argument in item.arguments)
        return subject is not None and (
            self.totals[subject] == item.totals
            and all(self.stances[subject, s] == stances[s] for s in (Stance.FOR, Stance.AGAINST))
            and self.links[subject] == len(item.links)
        )


def _keys(loaded: Loaded) -> dict[str, int]:
    """{key in the files: id of the subject}."""
    rows: list[Any] = []
    for model in (Section, Proposal):
        found = model.objects.filter(consultation=loaded.consultation).exclude(key="")
        rows += found.values_list("key", "subject_id")
    return dict(rows)


def _texts(bundle: Bundle, loaded: Loaded, theirs: _Theirs) -> Iterator[Line]:
    sections = Section.objects.filter(consultation=loaded.consultation).exclude(key="")
    articles = sections.filter(kind=SectionKind.ARTICLE)
    proposed = Proposal.objects.filter(
        consultation=loaded.consultation, kind=ProposalKind.NEW_ARTICLE
    ).exclude(key="")
    laws = [
        row
        for model, which in ((Wording, {"section__in": sections, "version__number": 1}),
                             (Proposal, {"pk__in": proposed}))
        for row in model.objects.filter(**which).values_list("law_changes", flat=True)
        if row
    ]  # fmt: skip
    yield Line("sections", sections.filter(kind=SectionKind.SECTION).count(), len(bundle.parts))
    yield Line("articles of the government", articles.count(), len(bundle.articles))
    yield Line("articles by participants", proposed.count(), len(bundle.proposed))
    yield Line(
        "articles that change existing law", len(laws), sum(bool(i.law) for i in bundle.items)
    )
    yield Line(
        "before and after of a law", sum(map(len, laws)), sum(len(i.law) for i in bundle.items)
    )
    authors = Subject.objects.filter(proposal__in=proposed).values("author").distinct().count()
    yield Line("people who proposed articles", authors, len({i.author for i in bundle.proposed}))


def _arguments(bundle: Bundle, theirs: _Theirs) -> Iterator[Line]:
    written = [argument for item in bundle.items for argument in item.arguments]
    stances = Counter(argument.stance for argument in written)
    yield Line("arguments", theirs.comments.count(), len(written))
    for stance in (Stance.FOR, Stance.AGAINST):
        number = theirs.comments.filter(stance=stance).count()
        yield Line(f"  {stance.value}", number, stances[stance.value])
    authors = theirs.comments.values("author").distinct().count()
    yield Line("people who argued", authors, len({argument.author for argument in written}))
    supports = sum(argument.supports for argument in written)
    yield Line("support for arguments", theirs.supports.count(), supports)
    yield Line("sources", theirs.sources.count(), sum(len(item.links) for item in bundle.items))


def _amendments(bundle: Bundle, loaded: Loaded, theirs: _Theirs) -> Iterator[Line]:
    amendments = Proposal.objects.filter(
        consultation=loaded.consultation, kind=ProposalKind.AMENDMENT
    ).exclude(key="")
    votes = theirs.positions.filter(subject__proposal__in=amendments, value__isnull=False)
    label = bundle.amended.label[0]
    yield Line(f"amendments of {label}", amendments.count(), len(bundle.amendments))
    yield Line("individual votes on them", votes.count(), len(bundle.votes))
    for value in PositionValue.values:
        number = sum(vote.value == value for vote in bundle.votes)
        yield Line(f"  {value}", votes.filter(value=value).count(), number)
    on = len({vote.amendment for vote in bundle.votes})
    yield Line("amendments voted on", votes.values("subject").distinct().count(), on)
    voters = len({vote.voter for vote in bundle.votes})
    yield Line("people who voted on them", votes.values("user").distinct().count(), voters)
    equal = sum(theirs.sum([amendment_key(row.number)]) == row.totals for row in bundle.amendments)
    yield Line("amendments with their totals", equal, len(bundle.amendments))


def _positions(bundle: Bundle, loaded: Loaded, theirs: _Theirs) -> Iterator[Line]:
    for name, items in (
        ("positions on all articles", bundle.items),
        ("positions on the government’s", bundle.articles),
        ("positions on participants’", bundle.proposed),
    ):
        there = theirs.sum([item_key(item.number) for item in items])
        wanted = sum((item.totals for item in items), Totals())
        yield Line(name, there.all, wanted.all)
        for value in PositionValue.values:
            yield Line(f"  {value}", getattr(there, value), getattr(wanted, value))
    equal = sum(theirs.is_as_in_files(item) for item in bundle.items)
    yield Line("articles with all their counts", equal, len(bundle.items))


def table(lines: list[Line]) -> Iterator[str]:
    width = max(len(line.what) for line in lines)
    yield f"{'':<{width}}  {'loaded':>9}  {'in files':>9}  ok"
    for line in lines:
        verdict = "yes" if line.is_equal else "NO"
        yield f"{line.what:<{width}}  {line.loaded:>9,}  {line.in_files:>9,}  {verdict}"
