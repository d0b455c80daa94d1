"""Small polls for tests: open_poll(bob, organisation, secrecy="secret") is what most start from."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Organisation
from processes.actions import PhasePlan, create_process, publish, set_phases
from processes.kinds import Activity, ProcessKind
from processes.models import Phase
from voting.actions.stages import count, open_poll_if_due
from voting.models import Option, OptionRole, Poll, Question, QuestionPage
from voting.questionnaire import definition

COLOURS = definition.Question(
    key="colour",
    kind=definition.QuestionKind.SINGLE,
    title={"en": "Which colour shall the tram have?", "fr": "De quelle couleur sera le tram ?"},
    options=(
        definition.Option("red", {"en": "Red", "fr": "Rouge"}),
        definition.Option("green", {"en": "Green", "fr": "Vert"}),
        definition.Option("blue", {"en": "Blue", "fr": "Bleu"}),
    ),
    method="plurality",
)
TREE = definition.Question(
    key="tree",
    kind=definition.QuestionKind.YES_NO,
    title={"en": "Shall a tree stand at each stop?", "fr": "Un arbre à chaque arrêt ?"},
)
RANKED = definition.Question(
    key="order",
    kind=definition.QuestionKind.RANKING,
    title={"en": "In which order shall the lines be built?", "fr": "Dans quel ordre ?"},
    options=(
        definition.Option("north", {"en": "North", "fr": "Nord"}),
        definition.Option("south", {"en": "South", "fr": "Sud"}),
        definition.Option("west", {"en": "West", "fr": "Ouest"}),
    ),
    method="irv",
)
WORDS = definition.Question(
    key="words",
    kind=definition.QuestionKind.LONG_TEXT,
    title={"en": "What else?", "fr": "Quoi d’autre ?"},
)


def draft_poll(
    owner: Any,
    organisation: Organisation,
    *,
    questions: Sequence[definition.Question] = (COLOURS, TREE),
    opens_in: timedelta = timedelta(days=-1),
    closes_in: timedelta = timedelta(days=30),
    slug: str = "",
    **rules: Any,
) -> Poll:
    """An unpublished poll with one page of questions, and one phase that opens voting."""
    process = create_process(
        owner,
        kind=ProcessKind.POLL,
        organisation=organisation,
        title={"en": "The tram", "fr": "Le tram"},
        summary={"en": "Colour and trees.", "fr": "Couleur et arbres."},
        languages=["en", "fr"],
        area=organisation.area,
        slug=slug,
    )
    now = timezone.now()
    plan = PhasePlan(
        name={"en": "Voting", "fr": "Vote"},
        opens_at=now + opens_in,
        closes_at=now + closes_in,
        activities=[Activity.VOTE],
    )
    set_phases(owner, process=process, plan=[plan])
    poll = Poll.objects.create(process=process, **rules)
    page = QuestionPage.objects.create(
        poll=poll, key="p1", order=0, title={"en": "Questions", "fr": "Questions"}
    )
    for order, question in enumerate(questions):
        write_question(page, order, question)
    return poll


def write_question(page: QuestionPage, order: int, asked: definition.Question) -> Question:
    """The rows of a question as the editor would have written them."""
    row = Question.objects.create(
        poll=page.poll,
        page=page,
        key=asked.key,
        order=order,
        kind=asked.kind.value,
        title=asked.title,
        help=asked.help,
        least=asked.least,
        most=asked.most,
        does_not_apply=asked.does_not_apply,
        is_shuffled=asked.is_shuffled,
        show_if=asked.show_if,
        demographic=asked.demographic,
        satisfied_from=asked.satisfied_from,
        method=asked.method,
        seats=asked.seats,
    )
    for role, things in (
        (OptionRole.OPTION, asked.options),
        (OptionRole.ITEM, asked.items),
        (OptionRole.POINT, asked.points),
    ):
        Option.objects.bulk_create(
            Option(
                question=row,
                role=role,
                key=thing.key,
                order=place,
                label=thing.label,
                is_other=getattr(thing, "is_other", False),
            )
            for place, thing in enumerate(things)
        )
    return row


def open_poll(owner: Any, organisation: Organisation, **more: Any) -> Poll:
    """A published poll that has opened by its clock."""
    poll = draft_poll(owner, organisation, **more)
    publish(owner, process=poll.process)
    return open_poll_if_due(fresh(poll))


def fresh(poll: Poll) -> Poll:
    """The poll as the database has it now, with its timetable."""
    return Poll.objects.with_timetable().get(pk=poll.pk)


def end(poll: Poll) -> Poll:
    """Let its voting phase be over; nothing has noticed yet."""
    Phase.objects.filter(process=poll.process_id).update(
        opens_at=Now() - timedelta(days=9), closes_at=Now() - timedelta(seconds=1)
    )
    return fresh(poll)


def end_and_count(poll: Poll) -> Poll:
    """Over, closed and counted, as the clock's task does it."""
    from voting.tasks import run_clock

    end(poll)
    run_clock()
    count(poll.pk)
    return fresh(poll)
