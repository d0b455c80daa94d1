"""A budget of the demonstration while it is being told, by the actions that everybody uses."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import override

from accounts.models import Organisation, User
from budgets.actions.assessing import Finding, submit_assessment
from budgets.actions.assessors import name_assessor
from budgets.actions.conflicts import declare_conflict
from budgets.actions.cosigning import cosign
from budgets.actions.declaring import (
    Declared,
    Voters,
    bound_projects,
    declare_ballot,
    declare_voters,
)
from budgets.actions.envelopes import add_category, add_envelope
from budgets.actions.handing_out import hand_out
from budgets.actions.maps import set_boundaries
from budgets.actions.phases import USUAL, set_dates, usual_phases
from budgets.actions.projects import Idea, propose_project
from budgets.actions.revisions import ask_for_merger, ask_for_revision
from budgets.actions.setup import create_budget, publish_budget
from budgets.actions.signing import publish_assessments, sign_assessment
from budgets.models import Budget, Category, Envelope, Project
from deliberation.actions import post_comment, support_comment, take_position
from deliberation.kinds import PositionValue
from demo.past import Past
from demo.polls import Vote
from demo.story import TEXTS, read
from processes.actions import PhasePlan
from processes.models import Phase, Process, Subject, Topic
from voting.actions.stages import open_poll_if_due
from voting.kinds import Eligibility, Secrecy

LANGUAGES = ("en", "fr")
INFORMING, PROPOSING, REVIEWING, COSTING, VOTING, RESULTS, BUILDING = range(7)
WORKING = {"official", "costing", "moderator", "administrator"}
Span = tuple[timedelta, timedelta]


class Money:
    """`spans` say when each of the seven phases opens and closes (time before now; negative: after)."""

    def __init__(
        self,
        name: str,
        town: Organisation,
        people: dict[str, User],
        past: Past,
        spans: Sequence[Span],
    ) -> None:
        self.town, self.people, self.past, self.spans = town, people, past, spans
        self.data = read(name)
        self.official = people["official"]
        self.vote = Vote(name, town, people, past)
        self.chance = random.Random(f"verlune {name} projects")  # noqa: S311 - not a secret
        self.projects: dict[str, Project] = {}
        self.envelopes: dict[str, Envelope] = {}
        self.categories: dict[str, Category] = {}
        self._pk = 0

    @property
    def budget(self) -> Budget:
        """As the database has it now."""
        found = Budget.objects.with_timetable().get(pk=self._pk)
        found.take_frame()
        return found

    @property
    def process(self) -> Process:
        return self.budget.process

    def write(self) -> None:
        """The unpublished budget with money, themes, dates, ballot and rule."""
        data, official = self.data, self.official
        self._pk = create_budget(
            official,
            organisation=self.town,
            title=data["title"],
            summary=data["summary"],
            languages=list(LANGUAGES),
            about=data["about"],
            area=self.town.area,
            topics=list(Topic.objects.filter(slug__in=data["topics"])),
            slug=data["slug"],
        ).pk
        budget = self.budget
        for row in data["envelope"]:
            self.envelopes[row["key"]] = add_envelope(
                official, budget=budget, title=row["title"], amount=Decimal(row["amount"])
            )
        for row in data["category"]:
            self.categories[row["key"]] = add_category(
                official, budget=budget, title=row["title"], minimum=row.get("minimum", 0)
            )
        self._declare(budget)
        set_boundaries(official, budget=budget, raw=(TEXTS / "verlune.geojson").read_bytes())
        names = [plan.name for plan in usual_phases(self.past.now, LANGUAGES)]
        plan = [
            PhasePlan(name, *dates, activities)
            for name, dates, (_name, _days, activities) in zip(
                names, self._dates(), USUAL, strict=True
            )
        ]
        set_dates(official, budget=budget, plan=plan)

    def _declare(self, budget: Budget) -> None:
        data = self.data
        bound_projects(
            self.official,
            budget=budget,
            currency=data["currency"],
            smallest_cost=None,
            largest_cost=Decimal(data["largest_cost"]),
            cosigners_needed=data["cosigners_needed"],
        )
        names = ("ballot", "rule", "completion", "most", "points", "points_each")
        declared = Declared(**{name: data[name] for name in names if name in data})
        declare_ballot(self.official, budget=budget, declared=declared)
        voters = Voters(
            eligibility=Eligibility.RESIDENTS, area=self.town.area, secrecy=Secrecy.SECRET
        )
        declare_voters(self.official, budget=budget, voters=voters, consent={})

    def _dates(self) -> Iterator[tuple[datetime, datetime]]:
        for opens, closes in self.spans:
            yield self.past.at(opens), self.past.at(closes)

    def stand_in(self, number: int) -> None:
        """Move all phases so that the one with this number is in its middle now."""
        opens, closes = self.spans[number]
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            middle = cursor.fetchone()[0] - self.past.at((opens + closes) / 2)
        self._shift(middle)

    def settle(self) -> None:
        """Give the phases their own dates again."""
        self._shift(timedelta(0))

    def _shift(self, by: timedelta) -> None:
        rows = Phase.objects.filter(process=self.budget.process_id).order_by("opens_at", "pk")
        for row, (opens, closes) in zip(rows, self._dates(), strict=True):
            row.opens_at, row.closes_at = opens + by, closes + by
            row.save(update_fields=["opens_at", "closes_at"])

    def publish(self) -> None:
        publish_budget(self.official, budget=self.budget)

    def propose(self) -> None:
        """Projects with who signs them, and what people think of them."""
        for row in self.data["project"]:
            author = self.people[row["author"]]
            latitude, longitude = (Decimal(str(degrees)) for degrees in row["at"])
            project = propose_project(
                author,
                budget=self.data["slug"],
                idea=Idea(
                    title=row["titles"][row["language"]],
                    body=row["body"],
                    envelope=self._envelope(row).pk,
                    category=self.categories[row["category"]].pk,
                    estimate=Decimal(row["estimate"]),
                    place=row["place"],
                    latitude=latitude,
                    longitude=longitude,
                    on_behalf_of=row.get("on_behalf_of", ""),
                ),
                language=row["language"],
            )
            Subject.objects.filter(pk=project.subject_id).update(
                titles=row["titles"],
                text="\n".join([project.subject.text, *row["titles"].values()]),  # to be found by
            )
            self.projects[row["key"]] = project
            self._back(project, row["key"], row["author"])

    def _envelope(self, row: dict[str, Any]) -> Envelope:
        return self.envelopes[row.get("envelope", next(iter(self.envelopes)))]

    def _back(self, project: Project, key: str, author: str) -> None:
        """Signatures, enough of them, and positions."""
        people = self.some(f"sign {key}", without=author)
        for _ in range(self.data["cosigners_needed"] + self.chance.randint(0, 2)):
            cosign(next(people), project_id=project.pk)
        people = self.some(f"stand {key}", without=author)
        numbers = (self.chance.randint(4, 9), self.chance.randint(0, 2), self.chance.randint(0, 3))
        for value, number in zip(PositionValue.values, numbers, strict=True):
            for _ in range(number):
                take_position(next(people), subject_id=project.subject_id, value=value)

    def some(self, name: str, without: str = "") -> Iterator[User]:
        """People of the town in an order that is the same on every machine."""
        keys = sorted(set(self.people) - WORKING - {without})
        random.Random(f"{self.data['slug']} {name}").shuffle(keys)  # noqa: S311 - not a secret
        return (self.people[key] for key in keys)

    def discuss(self) -> None:
        for row in self.data.get("comment", ()):
            comment = post_comment(
                self.people[row["by"]],
                subject_id=self.projects[row["on"]].subject_id,
                body=row["body"],
                stance=row["stance"],
                language=row["language"],
            )
            people = self.some(row["body"], without=row["by"])
            for _ in range(row["supports"]):
                support_comment(next(people), comment_id=comment.pk)

    def ask(self) -> None:
        """What officials ask authors for."""
        for row in self.data.get("revision", ()):
            ask_for_revision(
                self.official,
                project=self.framed(row["project"]),
                reason=row["reason"],
                due_at=self.past.at(-timedelta(days=row["days"])),
                language=row["language"],
            )
        for row in self.data.get("merger", ()):
            ask_for_merger(
                self.official,
                project=self.framed(row["project"]),
                into=self.framed(row["into"]),
                reason=row["reason"],
                expires_at=self.past.at(-timedelta(days=row["days"])),
                language=row["language"],
            )

    def framed(self, key: str) -> Project:
        """A project as the database has it now."""
        found = Project.objects.with_frame().get(pk=self.projects[key].pk)
        found.take_frame()
        return found

    def assess(self) -> None:
        """Handed to the office that knows what things cost, and submitted by it."""
        office, budget = self.people["costing"], self.budget
        name_assessor(self.official, budget=budget, email=office.email)
        subjects = [project.subject_id for project in self.projects.values()]
        hand_out(self.official, budget=budget, subject_ids=subjects, assessor=office)
        for row in self.data["project"]:
            language = row["language"] if row["language"] in row["reason"] else "en"
            finding = Finding(
                is_feasible=row.get("feasible", True),
                cost=Decimal(row["cost"]) if "cost" in row else None,
                running_cost=Decimal(row["running"]) if "running" in row else None,
                reason=row["reason"][language],
                language=language,
            )
            submit_assessment(office, project=self.framed(row["key"]), finding=finding, seen=None)

    def sign(self) -> None:
        for key in self.projects:
            project = self.framed(key)
            seen = project.assessment.changed_at
            sign_assessment(self.official, project=project, seen=seen)

    def publish_decisions(self) -> None:
        """All at one moment, and which projects exclude one another."""
        publish_assessments(self.official, budget=self.budget)
        for row in self.data.get("conflict", ()):
            with override(row["language"]):
                declare_conflict(
                    self.official,
                    budget=self.budget,
                    projects=[self.projects[key] for key in row["projects"]],
                    reason=row["reason"],
                )

    def open(self) -> None:
        self.vote.poll = open_poll_if_due(self.budget.poll)
