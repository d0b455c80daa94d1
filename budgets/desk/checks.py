"""What a budget needs before it is published, and before people vote: lists with links."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from budgets.actions.phases import warnings_of
from budgets.desk.reads import Counts, ballot_pages
from budgets.kinds import Scope
from budgets.models import Budget
from budgets.results.rules import rule_name
from common.ui.money import money
from common.ui.words import count
from processes.kinds import Activity
from voting.desk.reads import Check
from voting.kinds import Eligibility
from voting.models import Poll
from voting.questionnaire.definition import Questionnaire
from voting.questionnaire.validation import validate, validate_secret
from voting.sentences import sentence

_NAMES = dict(settings.LANGUAGES)


def before_publishing(budget: Budget, href: str) -> list[Check]:
    """What publishing needs, and what it would be better with. At most six queries."""
    return [
        _check_money(budget, href),
        *_check_dates(budget, href),
        _check_rule(budget, href),
        *_check_voters(budget, href),
        _check_assessors(budget, href),
        _check_description(budget, href),
    ]


def before_voting(budget: Budget, href: str, asked: Questionnaire, counts: Counts) -> list[Check]:
    """What must be done before voting opens. `asked` as `asked_by` gives it. At most seven queries."""
    return [
        *_check_ballot(budget, href, asked),
        *_check_work(href, counts),
        *_check_conflicts(budget, href, asked),
        *_check_dates(budget, href),
        _check_rule(budget, href),
        *_check_voters(budget, href),
        _check_consent(budget, href),
    ]


def _check_money(budget: Budget, href: str) -> Check:
    number = len(budget.envelope_list)
    if not number:
        return Check("missing", _("Say how much money there is."), f"{href}money/")
    text = ngettext("%(sum)s in %(count)s envelope.", "%(sum)s in %(count)s envelopes.", number)
    values = {"sum": money(budget.amount, budget.currency), "count": count(number)}
    return Check("ok", text % values, f"{href}money/")


def _check_dates(budget: Budget, href: str) -> Iterator[Check]:
    table, there = budget.process.timetable, f"{href}phases/"
    spans = [span for span in table.spans if Activity.VOTE in span.activities]
    if not spans:
        yield Check("missing", _("Say when voting opens and closes."), there)
    elif all(span.closes_at <= table.now for span in spans):
        yield Check("missing", _("Voting lies in the past. Choose other dates."), there)
    else:
        yield Check("ok", _("Its dates are set."), there)
    for warning in warnings_of(table.spans) if spans else []:
        yield Check("advice", warning, there)


def _check_rule(budget: Budget, href: str) -> Check:
    text = f"{budget.get_ballot_display()} · {rule_name(budget.rule)}"
    return Check("ok", text, f"{href}rules/")


def _check_voters(budget: Budget, href: str) -> Iterator[Check]:
    poll = budget.poll
    text = f"{poll.get_eligibility_display()} · {poll.get_secrecy_display()}"
    if poll.eligibility == Eligibility.GROUP and not _has_people(poll):
        words = _("The group “%(name)s” has no people yet.")
        name = poll.group.name if poll.group else ""
        yield Check("missing", words % {"name": name}, f"{href}rules/#voters")
        return
    is_invited = poll.eligibility == Eligibility.INVITED
    if is_invited and not poll.invitations.filter(revoked_at__isnull=True).exists():
        address = f"/{get_language()}/desk/polls/{budget.process.slug}/codes/"
        yield Check("advice", _("No invitation code is made yet."), address)
    yield Check("ok", text, f"{href}rules/#voters")


def _has_people(poll: Poll) -> bool:
    return poll.group is not None and poll.group.members.exists()


def _check_assessors(budget: Budget, href: str) -> Check:
    number = budget.assessors.count()
    if not number:
        text = _("No assessors are named: the people of your public body assess all projects.")
        return Check("advice", text, f"{href}assessors/")
    text = ngettext(
        "%(count)s assessor or group is named.",
        "%(count)s assessors or groups are named.",
        number,
    )
    return Check("ok", text % {"count": count(number)}, f"{href}assessors/")


def _check_description(budget: Budget, href: str) -> Check:
    process = budget.process
    texts = (process.title, process.summary, budget.about)
    lacking = [code for code in process.languages if not all(text.get(code) for text in texts)]
    if not lacking:
        return Check("ok", _("It is described in each language."), f"{href}about/")
    names = ", ".join(_NAMES.get(code, code) for code in lacking)
    text = _("Title, summary or description is missing in: %(names)s.")
    return Check("advice", text % {"names": names}, f"{href}about/")


def _check_consent(budget: Budget, href: str) -> Check:
    if budget.poll.consent:
        return Check("ok", _("People read what they agree to first."), f"{href}rules/#consent")
    text = _("Say what people agree to before they vote, if they must agree to something.")
    return Check("advice", text, f"{href}rules/#consent")


def _check_ballot(budget: Budget, href: str, asked: Questionnaire) -> Iterator[Check]:
    there = f"{href}ballot/"
    pages = ballot_pages(asked)
    number = sum(len(page.lines) for page in pages)
    if not number:
        text = _("No project is on the ballot: voting will not open. Publish assessments first.")
        yield Check("missing", text, there)
        return
    text = ngettext(
        "%(count)s project is on the ballot.", "%(count)s projects are on the ballot.", number
    )
    yield Check("ok", text % {"count": count(number)}, there)
    for text in problems_of(budget, asked):
        yield Check("missing", text, there)
    empty = len(budget.envelope_list) - len(pages)
    if empty > 0:
        text = ngettext(
            "%(count)s envelope has no project on the ballot: its money is not shared out.",
            "%(count)s envelopes have no project on the ballot: their money is not shared out.",
            empty,
        )
        yield Check("advice", text % {"count": count(empty)}, there)
    dear = sum(line.is_too_dear for page in pages for line in page.lines)
    if dear:
        text = ngettext(
            "%(count)s project costs more than its envelope holds: it cannot be chosen.",
            "%(count)s projects cost more than their envelope holds: they cannot be chosen.",
            dear,
        )
        yield Check("advice", text % {"count": count(dear)}, there)
    if budget.scope == Scope.ONE and len(pages) < 2:
        text = _("People are to choose one envelope, but there is one alone on the ballot.")
        yield Check("advice", text, f"{href}rules/")


def problems_of(budget: Budget, asked: Questionnaire) -> list[str]:
    """What keeps the ballot from being put to people, in sentences. No query."""
    found = validate(asked)
    if budget.poll.is_secret:
        found = [*found, *validate_secret(asked)]
    return [sentence(problem) for problem in found]


def _check_work(href: str, counts: Counts) -> Iterator[Check]:
    undone = (
        (
            counts.waiting,
            ngettext(
                "%(count)s project waits for its assessment.",
                "%(count)s projects wait for their assessment.",
                counts.waiting,
            ),
            "assessments/?state=waiting",
        ),
        (
            counts.submitted,
            ngettext(
                "%(count)s assessment waits for a signature.",
                "%(count)s assessments wait for a signature.",
                counts.submitted,
            ),
            "assessments/?state=submitted",
        ),
        (
            counts.signed,
            ngettext(
                "%(count)s assessment is signed and not published: its project is not on the ballot.",
                "%(count)s assessments are signed and not published: their projects are not on the "
                "ballot.",
                counts.signed,
            ),
            "assessments/?state=signed",
        ),
        (
            counts.revising,
            ngettext(
                "%(count)s project is being revised.",
                "%(count)s projects are being revised.",
                counts.revising,
            ),
            "assessments/?state=revising",
        ),
    )
    for number, text, path in undone:
        if number:
            yield Check("advice", text % {"count": count(number)}, f"{href}{path}")


def _check_conflicts(budget: Budget, href: str, asked: Questionnaire) -> Iterator[Check]:
    """Incompatible projects that came to lie in different envelopes. One query."""
    rows = budget.conflicts.annotate(
        places=Count("projects__envelope", distinct=True, filter=Q(projects__merged_into=None))
    )
    split = rows.filter(places__gt=1).count()
    if split:
        text = ngettext(
            "%(count)s set of incompatible projects lies in several envelopes: both could be chosen.",
            "%(count)s sets of incompatible projects lie in several envelopes: all could be chosen.",
            split,
        )
        yield Check("missing", text % {"count": count(split)}, f"{href}conflicts/")
