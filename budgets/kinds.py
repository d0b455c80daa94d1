"""The fixed words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.kinds import (
    PROCESS_TYPES,
    SUBJECT_TYPES,
    ProcessKind,
    ProcessType,
    SubjectKind,
    SubjectType,
)


class BallotKind(models.TextChoices):
    """How people vote on projects. One kind for a whole budget."""

    KNAPSACK = "knapsack", _("Spend the money: choose projects that fit into the envelope")
    APPROVAL = "approval", _("Approve: tick the projects you want")
    SHARE = "share", _("Share points among projects")
    RANKING = "ranking", _("Rank projects, the best first")


class Scope(models.TextChoices):
    """On which envelopes a voter votes."""

    ALL = "all", _("Everyone votes on all envelopes")
    ONE = "one", _("Everyone chooses one envelope, and votes on its projects only")


class Rule(models.TextChoices):
    """The rule that chooses projects, by its name in `budgets.allocation`."""

    GREEDY_BY_VOTES = "greedy_by_votes", _("Most votes first")
    GREEDY_BY_VOTES_PER_COST = "greedy_by_votes_per_cost", _("Most votes for the money first")
    GREEDY_BY_SCORE = "greedy_by_score", _("Most points first")
    MES_COST = "mes_cost", _("Equal shares")
    MES_CARDINALITY = "mes_cardinality", _("Equal shares, every project counting the same")
    MES_POINTS = "mes_points_utility", _("Equal shares, by points")
    MES_COST_ADD1 = (
        "mes_cost_add1_until_overspend",
        _("Equal shares, raised until the money is spent"),
    )
    MES_CARDINALITY_ADD1 = (
        "mes_cardinality_add1_until_overspend",
        _("Equal shares, every project counting the same, raised until the money is spent"),
    )
    MES_POINTS_ADD1 = (
        "mes_points_add1_until_overspend",
        _("Equal shares, by points, raised until the money is spent"),
    )
    PHRAGMEN = "phragmen", _("Phragmén: everybody saves, and buys together")
    KNAPSACK = "knapsack", _("The greatest total support that the money can buy")


# Which rules can read which ballots.
_BY_VOTES = (
    Rule.GREEDY_BY_VOTES,
    Rule.GREEDY_BY_VOTES_PER_COST,
    Rule.MES_COST,
    Rule.MES_CARDINALITY,
    Rule.MES_COST_ADD1,
    Rule.MES_CARDINALITY_ADD1,
    Rule.PHRAGMEN,
    Rule.KNAPSACK,
)
_BY_POINTS = (Rule.GREEDY_BY_SCORE, Rule.MES_POINTS, Rule.MES_POINTS_ADD1)
RULES_OF: dict[str, tuple[Rule, ...]] = {
    BallotKind.KNAPSACK: _BY_VOTES,
    BallotKind.APPROVAL: _BY_VOTES,
    BallotKind.SHARE: _BY_POINTS,
    BallotKind.RANKING: _BY_POINTS,
}


class TieRule(models.TextChoices):
    """What decides between projects that stand equal. The lot comes last and always decides."""

    VOTES = "votes,cheaper,lot", _("More votes, then the cheaper one, then a lot")
    CHEAPER = "cheaper,votes,lot", _("The cheaper one, then more votes, then a lot")
    LOT = "lot", _("A lot alone")


class Stage(models.TextChoices):
    """Where a project stands for everybody who looks at it."""

    HIDDEN = "hidden", _("Hidden by a moderator")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged into another project")
    COSIGNING = "cosigning", _("Looking for co-signers")
    PROPOSED = "proposed", _("Proposed")
    REVISION = "revision", _("Being revised")
    FEASIBLE = "feasible", _("Feasible")
    NOT_FEASIBLE = "not_feasible", _("Not feasible")
    ON_BALLOT = "on_ballot", _("On the ballot")
    CHOSEN = "chosen", _("Chosen")
    NOT_CHOSEN = "not_chosen", _("Not chosen")
    BUILDING = "building", _("Under way")
    BUILT = "built", _("Completed")
    CANCELLED = "cancelled", _("Given up")


class ReportKind(models.TextChoices):
    """News of a project that is being carried out."""

    PROGRESS = "progress", _("Progress")
    DELAY = "delay", _("Delay")
    BUILT = "built", _("Completed")
    CANCELLED = "cancelled", _("Given up")


class AssessmentStep(models.TextChoices):
    """What somebody did to an assessment: its audit trail."""

    ASSIGNED = "assigned", _("Assigned")
    WRITTEN = "written", _("Written")
    PROPOSED = "proposed", _("Submitted for signature")
    RETURNED = "returned", _("Sent back")
    SIGNED = "signed", _("Signed")
    PUBLISHED = "published", _("Published")
    REVISION_ASKED = "revision_asked", _("Revision asked for")
    REVISION_ENDED = "revision_ended", _("Request for a revision withdrawn")
    MERGE_ASKED = "merge_asked", _("Merger asked for")
    MERGE_ENDED = "merge_ended", _("Request for a merger withdrawn")
    MOVED = "moved", _("Moved")
    REOPENED = "reopened", _("Taken up again to be corrected")


def _budget_path(slug: str) -> str:
    return f"/budgets/{slug}/"


def _project_path(slug: str, subject_id: int) -> str:
    return f"/budgets/{slug}/projects/{subject_id}/"


def register() -> None:
    """Tell the frame below how this app's processes and subjects are addressed."""
    kind = ProcessKind.BUDGET
    PROCESS_TYPES[kind] = ProcessType(kind, kind.label, _budget_path)
    project = SubjectKind.PROJECT
    SUBJECT_TYPES[project] = SubjectType(project, project.label, _project_path, "project")
