"""What a letter says of a counted budget: to everybody, to each voter, to whoever proposed a project.

Where ballots are secret nobody knows who chose what: the letter says so and points to the receipt.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from budgets.election import ballot_of
from budgets.kinds import Stage
from budgets.models import Project
from budgets.results import sentences, voters
from budgets.results.reading import Results, headline, results_for_letters
from budgets.results.rules import rule_name, rule_path
from common.texts import Localized, Phrase
from common.ui.tongues import phrase
from common.ui.words import count
from processes.kinds import PROCESS_TYPES, LetterPart, ProcessKind
from processes.models import Process
from voting.models import Ballot
from voting.questionnaire.definition import Questionnaire

MOST = 12  # projects that are named one by one
_WON = (Stage.CHOSEN, Stage.BUILDING, Stage.BUILT, Stage.CANCELLED)
_TOLD = (*_WON, Stage.NOT_CHOSEN, Stage.NOT_FEASIBLE, Stage.MERGED)
Lines = list[tuple[Phrase | Localized, str]]


def results(process: Process, language: str) -> Lines:
    """What everybody is told: (sentence, path without language prefix or ""). [] before the count.
    Five queries."""
    place = f"{PROCESS_TYPES[ProcessKind.BUDGET].path(process.slug)}results/"
    with override(language):
        found = results_for_letters(process)
        if found is None:
            return []
        lines: Lines = [(Localized(text, language), "") for text in _first(found)]
        lines += _winners(found, place)
        rule = found.budget.rule
        words = _("They were chosen by the rule “%(rule)s”.") % {"rule": rule_name(rule)}
        if found.winners:
            said = f"{words} {sentences.rule_paragraph(rule)}"
            lines.append((Localized(said, language), ""))
            lines.append((Localized(_("The rule step by step"), language), rule_path(rule)))
        lines.append(
            (Localized(_("Read all results, and why others were not chosen"), language), place)
        )
        if found.budget.poll.is_secret:
            lines.append(_secret(process, language))
    return lines


def _first(found: Results) -> Iterable[str]:
    yield headline(found)
    if served := voters.sentence(found.own):
        yield served


def _winners(found: Results, place: str) -> Lines:
    """The chosen projects by rank, each with its cost; of many only the first."""
    costs = {option.key: option.cost for q in found.questions for option in q.options}
    words = _("%(rank)s. %(title)s (%(cost)s)")
    lines: Lines = [
        (
            phrase(
                words,
                rank=rank,
                title=found.names.project(key),
                cost=found.names.money(costs[key]),
            ),
            found.path(key),
        )
        for rank, key in enumerate(found.winners[:MOST], 1)
    ]
    more = len(found.winners) - MOST
    if more > 0:
        said = ngettext("and %(count)s more project", "and %(count)s more projects", more)
        lines.append((phrase(said, count=count(more)), place))
    return lines


def _secret(process: Process, language: str) -> tuple[Localized, str]:
    words = _(
        "The vote was secret: nothing joins a ballot to a person, so this letter cannot say what you chose. "
        "With your receipt code you find your ballot among those that were published."
    )
    return Localized(words, language), f"/polls/{process.slug}/receipt/"


def chosen(process: Process, user_ids: list[int], language: str) -> dict[int, LetterPart]:
    """What became of what each of these people chose; {} where ballots are secret. Six queries."""
    with override(language):
        found = results_for_letters(process)
        if found is None or found.budget.poll.is_secret:
            return {}
        ballots = Ballot.objects.counted(found.budget.poll).filter(turnout__user__in=user_ids)
        winners = set(found.winners)
        return {
            user_id: _mine(found, winners, wishes_of(found.questionnaire, answers or {}))
            for user_id, answers in ballots.values_list("turnout__user_id", "answers")
        }


def wishes_of(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> list[str]:
    """The projects that a ballot names, envelope by envelope, those with most points first."""
    keys: list[str] = []
    for question in questionnaire.questions():
        if value := answers.get(question.key):
            pairs = ballot_of(question, value)
            keys += [key for key, _points in sorted(pairs, key=lambda pair: -pair[1])]
    return keys


def _mine(found: Results, winners: set[str], wishes: list[str]) -> LetterPart:
    heading = _("What you chose")
    if not wishes:
        return LetterPart(heading, ((phrase(_("You voted and chose no project.")), ""),))
    number = sum(key in winners for key in wishes)
    words = ngettext(
        "Of the projects you chose (%(total)s), %(number)s is carried out.",
        "Of the projects you chose (%(total)s), %(number)s are carried out.",
        number,
    )
    lines: Lines = [(phrase(words, number=count(number), total=count(len(wishes))), "")]
    for key in sorted(wishes, key=lambda key: key not in winners):
        lines += _became(found, key, is_chosen=key in winners)
    return LetterPart(heading, tuple(lines))


def _became(found: Results, key: str, *, is_chosen: bool) -> Lines:
    """What became of one wish; the reason on a line of its own."""
    title = found.names.project(key)
    if is_chosen:
        return [(phrase(_("✓ %(title)s: chosen."), title=title), found.path(key))]
    lines: Lines = [(phrase(_("%(title)s: not chosen."), title=title), found.path(key))]
    if why := _lost(found, key):
        lines.append((why, ""))
    return lines


def _lost(found: Results, key: str) -> Phrase | None:
    for row in found.declared.values():
        if key in row["losers"]:
            return sentences.lost(row["losers"][key], found.names)
    return None


def _won(found: Results, key: str) -> str:
    for row in found.declared.values():
        for choice in row["rounds"]:
            if choice["project"] == key:
                return sentences.won(choice, found.names)
    return ""


def changes(process: Process, subject_ids: list[int], language: str) -> dict[int, LetterPart]:
    """What became of these projects, for whoever proposed them. Six queries."""
    rows = Project.objects.filter(subject__in=subject_ids).select_related("subject")
    parts = {}
    with override(language):
        found = results_for_letters(process)
        if found is None:
            return {}
        for project in rows:
            project.budget = found.budget
            if project.stage in _TOLD:
                parts[project.subject_id] = _of_project(found, project)
    return parts


def _of_project(found: Results, project: Project) -> LetterPart:
    stage = Stage(project.stage)
    lines: Lines = []
    if stage in _WON:
        words = _("It is number %(rank)s of %(total)s chosen projects.")
        lines.append((phrase(words, rank=project.rank or 0, total=len(found.winners)), ""))
        if why := _won(found, project.key):
            lines.append((phrase("%(why)s", why=why), ""))
    elif stage == Stage.NOT_CHOSEN:
        if lost := _lost(found, project.key):
            lines.append((lost, ""))
    elif stage == Stage.NOT_FEASIBLE:
        words = _("It was not on the ballot. The public reason stands on its page.")
        lines.append((phrase(words), found.path(project.key)))
    return LetterPart(str(stage.label), tuple(lines))


def register() -> None:
    """Tell the frame below what a letter says of a budget."""
    kind = PROCESS_TYPES[ProcessKind.BUDGET]
    kind.results, kind.chosen, kind.changes = results, chosen, changes
