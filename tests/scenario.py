"""Small worlds for tests, built by the same actions as everything else.

`open_consultation(owner, organisation)` is what most tests start from: four articles in two
chapters, one phase that opens everything to anyone signed in, since yesterday and for a month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Area, Organisation
from consultations.actions import create_consultation, publish_consultation, write_draft
from consultations.drafting.parse import parse_draft
from consultations.models import Consultation, Section, Wording
from processes.actions import PhasePlan, reschedule, set_phases
from processes.kinds import CONSULTING, Audience
from processes.models import Phase, Process, Subject

TEXT = """
# Chapter 1: Streets

## Article 1: Width of pavements

A pavement is at least two metres wide.

Where a street is narrower than eight metres, one pavement suffices.

### Explanation

Two wheelchairs must be able to pass.

## Article 2: Trees

A tree that is felled is replaced within a year.

# Chapter 2: Markets

## Article 3: Market days

The market is held on Wednesdays and Saturdays.

## Article 4: Stalls

A stall costs twelve units a day.
"""

EVERYTHING: Sequence[str] = tuple(CONSULTING)


@dataclass(frozen=True)
class World:
    """A consultation and its parts. `articles` are subjects in reading order."""

    consultation: Consultation
    articles: list[Subject]

    @property
    def process(self) -> Process:
        return self.consultation.process

    @property
    def article(self) -> Subject:
        """The first article."""
        return self.articles[0]

    def section(self, number: int = 1) -> Section:
        """The section of the n-th article."""
        return Section.objects.get(subject=self.articles[number - 1])

    def wording(self, number: int = 1) -> Wording:
        """The current wording of the n-th article."""
        return Wording.objects.get(
            section__subject=self.articles[number - 1],
            version=self.consultation.current,
        )


def plan(
    *,
    opens_in: timedelta = timedelta(days=-1),
    closes_in: timedelta = timedelta(days=30),
    activities: Sequence[str] = EVERYTHING,
    audience: str = Audience.SIGNED_IN,
    area: Area | None = None,
) -> list[PhasePlan]:
    """One phase, its moments counted from now."""
    now = timezone.now()
    return [
        PhasePlan(
            name={"en": "Discussion", "fr": "Discussion"},
            opens_at=now + opens_in,
            closes_at=now + closes_in,
            activities=activities,
            audience=audience,
            area=area,
        )
    ]


def draft_consultation(
    owner: Any,
    organisation: Organisation,
    *,
    title: str = "Streets and markets",
    text: str = TEXT,
) -> Consultation:
    """An unpublished consultation with a text and one phase."""
    consultation = create_consultation(
        owner,
        organisation=organisation,
        title={"en": title, "fr": f"{title} (fr)"},
        summary={
            "en": "How wide, how green, how often.",
            "fr": "Largeur, arbres, marchés.",
        },
        languages=["en"],
        area=organisation.area,
        about={"en": "The council asks what the town thinks."},
    )
    write_draft(owner, consultation=consultation, draft=parse_draft(text), language="en")
    set_phases(owner, process=consultation.process, plan=plan())
    return consultation


def open_consultation(
    owner: Any,
    organisation: Organisation,
    *,
    title: str = "Streets and markets",
    text: str = TEXT,
    phases: list[PhasePlan] | None = None,
) -> World:
    """A published consultation, by default open for everything to anyone signed in."""
    consultation = draft_consultation(owner, organisation, title=title, text=text)
    if phases is not None:
        set_phases(owner, process=consultation.process, plan=phases)
    publish_consultation(owner, consultation=consultation)
    return world(consultation)


def world(consultation: Consultation) -> World:
    """The consultation as it stands in the database now."""
    fresh = Consultation.objects.select_related("process__organisation", "current").get(
        pk=consultation.pk
    )
    articles = [
        row.section.subject
        for row in fresh.current.wordings.filter(section__subject__kind="section")
        .select_related("section__subject")
        .order_by("order")
    ]
    return World(fresh, articles)


def end_phases(owner: Any, process: Process) -> None:
    """Let every phase have ended an hour ago."""
    now = timezone.now()
    reschedule(
        owner,
        process=process,
        plan=[
            PhasePlan(
                id=phase.pk,
                name=phase.name,
                opens_at=now - timedelta(days=9),
                closes_at=now - timedelta(hours=1),
                activities=phase.activities,
                audience=phase.audience,
                area=phase.area,
            )
            for phase in Phase.objects.filter(process=process)
        ],
        reason="The room is needed.",
    )
