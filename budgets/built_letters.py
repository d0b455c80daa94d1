"""What the letter at the end of a budget says: what was built, and what of it each voter had chosen.

Where ballots were secret nobody knows who had chosen what, so that it speaks to all alike.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from budgets.building import Row, Totals, chosen_rows, late_first, money_sentence, totals_of
from budgets.letters import Lines, wishes_of
from budgets.models import Budget
from budgets.standing import State
from common.texts import Localized, Phrase
from common.ui import moments
from common.ui.money import money
from common.ui.tongues import phrase
from common.ui.words import count
from processes.kinds import PROCESS_TYPES, SUBJECT_TYPES, LetterPart, ProcessKind, SubjectKind
from processes.models import Process
from voting.models import Ballot

MOST = 12  # projects that are named one by one


def built(process: Process, language: str) -> Lines:
    """What everybody is told: (sentence, path without language prefix or ""). Two queries."""
    budget = Budget.objects.filter(process=process).first()
    if budget is None:
        return []
    with override(language):
        rows = late_first(chosen_rows(budget))
        totals = totals_of(rows)
        lines: Lines = [(Localized(text, language), "") for text in _figures(totals, budget)]
        finished_first = sorted(rows, key=lambda row: row.state != State.BUILT)
        for row in finished_first[:MOST]:
            lines.append((_became(row, budget), _path(process, row)))
        place = f"{PROCESS_TYPES[ProcessKind.BUDGET].path(process.slug)}building/"
        words = _("Read how each project got on, with pictures")
        lines.append((Localized(words, language), place))
    return lines


def _figures(totals: Totals, budget: Budget) -> list[str]:
    """The whole in two or three sentences."""
    if not totals.number:
        return [_("No project was chosen.")]
    going = totals.counts[State.UNDER_WAY] + totals.counts[State.LATE]
    going += totals.counts[State.WAITING]
    said = [totals.sentence]
    if going:
        words = ngettext("%(count)s goes on.", "%(count)s go on.", going)
        said.append(words % {"count": count(going)})
    if gone := totals.counts[State.GIVEN_UP]:
        words = ngettext("%(count)s was given up.", "%(count)s were given up.", gone)
        said.append(words % {"count": count(gone)})
    return [" ".join(said), money_sentence(totals.spent, totals.plan, budget.currency)]


def built_of(process: Process, user_ids: list[int], language: str) -> dict[int, LetterPart]:
    """What became of what each of these people had chosen; {} where ballots were secret. Three
    queries."""
    budget = Budget.objects.select_related("poll").filter(process=process).first()
    if budget is None or budget.poll.counted_at is None or budget.poll.is_secret:
        return {}
    with override(language):
        rows = {f"p{row.number}": row for row in chosen_rows(budget)}
        ballots = Ballot.objects.counted(budget.poll).filter(turnout__user__in=user_ids)
        questionnaire = budget.poll.questionnaire
        return {
            user_id: _mine(process, budget, rows, wishes_of(questionnaire, answers))
            for user_id, answers in ballots.values_list("turnout__user_id", "answers")
        }


def _mine(process: Process, budget: Budget, rows: dict[str, Row], wishes: list[str]) -> LetterPart:
    heading = _("What became of what you chose")
    mine = [rows[key] for key in wishes if key in rows]
    if not mine:
        words = _("None of the projects that you had chosen was among those carried out.")
        return LetterPart(heading, ((phrase(words), ""),))
    return LetterPart(
        heading,
        tuple((_became(row, budget), _path(process, row)) for row in late_first(mine)[::-1]),
    )


def _became(row: Row, budget: Budget) -> Phrase:
    """One project in a sentence."""
    number = _("Project %(number)s") % {"number": row.number}
    facts = {"title": row.title or number, "spent": money(row.spent, budget.currency)}
    if row.state == State.BUILT:
        facts["day"] = moments.day(row.ends_on) if row.ends_on else ""
        return phrase(_("✓ %(title)s: completed on %(day)s, for %(spent)s."), **facts)
    if row.state == State.GIVEN_UP:
        return phrase(_("%(title)s: given up. The reason stands on its page."), **facts)
    if row.ends_on is not None:
        facts["day"] = moments.day(row.ends_on)
        return phrase(_("%(title)s: goes on, expected to be complete on %(day)s."), **facts)
    return phrase(_("%(title)s: goes on."), **facts)


def _path(process: Process, row: Row) -> str:
    if row.title is None:  # a moderator hid it
        return ""
    return SUBJECT_TYPES[SubjectKind.PROJECT].path(process.slug, row.subject_id)


def register() -> None:
    """Tell the frame below what the last letter of a budget says."""
    kind = PROCESS_TYPES[ProcessKind.BUDGET]
    kind.built, kind.built_of = built, built_of
