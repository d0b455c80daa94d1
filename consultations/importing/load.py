"""Load a consultation that was held elsewhere, in one transaction; again, and nothing is doubled."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.models import Area, Organisation
from common.html import render_markdown
from consultations.importing import bulk, people
from consultations.importing.conversation import Conversation
from consultations.importing.draws import Crowd, Target, one_vote_each
from consultations.importing.held import Bundle
from consultations.importing.people import People
from consultations.importing.progress import Progress
from consultations.importing.texts import Texts, amendment_key, item_key
from consultations.models import Consultation, Version
from deliberation import recount
from processes.kinds import CONSULTING, Activity, EntryKind, ProcessKind
from processes.models import Entry, Phase, Process, Topic

PARIS = timezone(timedelta(hours=2))  # summer time, which it was for all of the consultation
OPENS_AT = datetime(2015, 9, 26, tzinfo=PARIS)
CLOSES_AT = datetime(2015, 10, 19, tzinfo=PARIS)
PARTICIPANTS = 21_330  # the official number for the whole consultation
OPEN_FOR = timedelta(days=60)
LOCK = 20_151_018  # two imports at once wait for each other

TITLE = {
    "fr": "Projet de loi pour une République numérique",
    "en": "Bill for a Digital Republic",
}
SUMMARY = {
    "fr": "Le gouvernement soumet trente articles à la discussion avant de présenter la loi au Parlement.",
    "en": "The government submits thirty articles to discussion before it brings the law to Parliament.",
}
ABOUT = {
    "fr": (
        "Du 26 septembre au 18 octobre 2015, chacun a pu lire le projet article par article, "
        "prendre position, argumenter, proposer des modifications et de nouveaux articles.\n\n"
        "Les textes, les totaux et les arguments sont ceux de la consultation ; les données ont été "
        "publiées par Etalab sous Licence Ouverte. Les personnes n’y sont connues que par des numéros : "
        "les participants affichés ici sont engendrés, de sorte que chaque total soit le vrai."
    ),
    "en": (
        "From 26 September to 18 October 2015 everyone could read the bill article by article, take a "
        "position, argue, amend it and propose new articles.\n\n"
        "Texts, totals and arguments are those of the consultation; the data was published by Etalab "
        "under the Licence Ouverte. It knows people by numbers only: the participants shown here are "
        "generated, so that every total is the real one."
    ),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an import found or made."""

    process: Process
    consultation: Consultation
    people: People


@transaction.atomic
def load(
    bundle: Bundle, *, slug: str, progress: Progress, participants: int = PARTICIPANTS
) -> Loaded:
    """Load what the files hold and what is missing here. Raises ImportProblem; then nothing is kept.

    Rows are written in bulk, not by the actions of participants: they have happened already. One
    journal entry says so, read by nobody, so that no notice goes out.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    crowd = people.load(slug, bundle, participants, progress)
    consultation, version = _frame(slug)
    texts = Texts(consultation, version, crowd, CLOSES_AT)
    with progress.step("Articles", len(bundle.articles)) as advance:
        texts.write_draft(bundle, advance)
    with progress.step("Proposals", len(bundle.proposed) + len(bundle.amendments)) as advance:
        texts.write_proposals(bundle, advance)
    conversation = Conversation(texts)
    number = sum(len(item.arguments) for item in bundle.items)
    with progress.step("Arguments", number) as advance:
        comments = conversation.write_arguments(bundle, advance)
    with progress.step("Sources", sum(len(item.links) for item in bundle.items)) as advance:
        conversation.write_sources(bundle, advance)
    _load_positions(bundle, texts, crowd, slug, progress, comments)
    _load_votes(bundle, texts, crowd, slug, progress)
    with progress.step("Counters", 1) as advance:
        bulk.analyse()
        recount.add_participations(consultation.process_id)
        recount.fill(consultation.process_id)
        advance(1)
    return Loaded(Process.objects.get(slug=slug), consultation, crowd)


def _frame(slug: str) -> tuple[Consultation, Version]:
    """The process and its first version, found or made."""
    found = Consultation.objects.filter(process__slug=slug).select_related("process").first()
    if found is not None:
        return found, found.versions.get(number=1)
    process = _process(slug)
    html = {language: str(render_markdown(text)) for language, text in ABOUT.items()}
    consultation = Consultation.objects.create(process=process, about=ABOUT, about_html=html)
    version = Version.objects.create(
        consultation=consultation, number=1, created_at=OPENS_AT, published_at=OPENS_AT
    )
    consultation.current = version
    consultation.save(update_fields=["current"])
    Entry.objects.create(
        kind=EntryKind.PROCESS_PUBLISHED,
        process=process,
        data={"imported": True},
        created_at=OPENS_AT,
        consumed_at=Now(),
    )
    return consultation, version


def _process(slug: str) -> Process:
    """The process with its one phase, published as it was then."""
    process = Process.objects.create(
        kind=ProcessKind.CONSULTATION,
        slug=slug,
        organisation=_organisation(),
        area=Area.objects.get(slug="france"),
        title=TITLE,
        summary=SUMMARY,
        languages=["fr"],
        created_at=OPENS_AT,
        published_at=OPENS_AT,
        opens_at=OPENS_AT,
        closes_at=CLOSES_AT,
    )
    process.topics.add(
        Topic.objects.get_or_create(
            slug="digital", defaults={"name": {"fr": "Numérique", "en": "Digital society"}}
        )[0]
    )
    Phase.objects.create(
        process=process,
        name={"fr": "Consultation", "en": "Consultation"},
        opens_at=OPENS_AT,
        closes_at=CLOSES_AT,
        activities=[activity for activity in CONSULTING if activity != Activity.ANSWER],
    )
    return process


def _organisation() -> Organisation:
    area, is_new = Area.objects.get_or_create(
        slug="france", defaults={"name": {"fr": "France", "en": "France"}}
    )
    if is_new:
        area.path = f"{area.pk}."
        area.save(update_fields=["path"])
    name = {"fr": "Gouvernement français", "en": "French Government"}
    return Organisation.objects.get_or_create(
        slug="gouvernement-francais", defaults={"name": name, "area": area}
    )[0]


def _load_positions(
    bundle: Bundle,
    texts: Texts,
    crowd: People,
    slug: str,
    progress: Progress,
    comments: dict[int, int],
) -> None:
    """Positions on articles and support for arguments: drawn so that all totals are the files'."""
    drawn = Crowd(crowd.known, crowd.others, f"{slug}: positions")
    targets = [
        Target(texts.subjects[item_key(item.number)], item.totals, item.created_at)
        for item in bundle.items
    ]
    number = sum(item.totals.all for item in bundle.items)
    with progress.step("Positions", number) as advance:
        bulk.positions(drawn.positions(targets, CLOSES_AT), advance)
    arguments = [argument for item in bundle.items for argument in item.arguments]
    with progress.step("Support", sum(argument.supports for argument in arguments)) as advance:
        rows = (
            (comments[argument.number], person, drawn.moment(argument.created_at, CLOSES_AT))
            for argument in arguments
            for person in drawn.some(argument.supports, without=crowd.author(argument.author))
        )
        bulk.supports(rows, advance)


def _load_votes(bundle: Bundle, texts: Texts, crowd: People, slug: str, progress: Progress) -> None:
    """Votes on amendments: everyone's own; only their moments are drawn."""
    dice = Crowd((), (), f"{slug}: moments of votes")
    rows = {row.number: row for row in bundle.amendments}
    with progress.step("Votes on amendments", len(bundle.votes)) as advance:
        votes = (
            (
                texts.subjects[amendment_key(vote.amendment)],
                crowd.voter(vote.voter),
                vote.value,
                dice.moment(min(rows[vote.amendment].created_at, CLOSES_AT), CLOSES_AT),
            )
            for vote in one_vote_each(bundle.votes, f"{slug}: repeated votes")
        )
        bulk.positions(votes, advance)


@transaction.atomic
def open_now(process: Process) -> None:
    """Let people take part in an imported consultation, from today on. For trying it by hand."""
    now = datetime.now(UTC).replace(microsecond=0)
    opens_at, closes_at = now - timedelta(days=1), now + OPEN_FOR
    first = process.phases.earliest("id")
    Phase.objects.filter(pk=first.pk).update(opens_at=opens_at, closes_at=closes_at)
    moments = process.phases.values_list("opens_at", "closes_at")
    process.opens_at = min(opens for opens, _ in moments)
    process.closes_at = max(closes for _, closes in moments)
    process.save(update_fields=["opens_at", "closes_at"])
