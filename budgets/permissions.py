"""Who may propose, sign, assess, decide and report, and when."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import GroupMember, User
from accounts.permissions import (
    ANSWERING,
    EDITING,
    SIGN_IN_FIRST,
    may_answer_for,
    may_edit_for,
    works_for,
)
from budgets.models import Assessment, Assessor, Budget, MergeRequest, Picture, Project
from common.verdicts import YES, Verdict, no
from processes.kinds import Activity
from processes.permissions import is_open_for, is_open_now, is_running

NOT_YOURS = no("not_yours", _("Only the person who proposed it can do this."))
VOTING_OPEN = no("voting_open", _("Voting has opened. What is on the ballot stays as it is."), 409)
NOT_AN_ASSESSOR = no("not_an_assessor", _("Only the assessors of this budget can do this."))
NOT_HANDED_OUT = no("not_handed_out", _("This was not handed out to you."))
IS_DECIDED = no("decided", _("This has been decided and stays as it is."), 409)
IS_MERGED = no("merged", _("This was merged into another project."), 409)
OWN_PROJECT = no("own_project", _("You proposed this yourself; others sign it."), 409)
SAME_PERSON = no("same_person", _("Somebody else signs what you submitted."), 409)
NOT_SUBMITTED = no("not_submitted", _("This has not been submitted for signature yet."), 409)
NOT_CHOSEN = no("not_chosen", _("Only chosen projects are carried out."), 409)
ASKED_ALREADY = no("asked_already", _("The authors have been asked already."), 409)
OVER = no("over", _("This is over."), 409)


def may_edit_budget(user: Any, budget: Budget) -> Verdict:
    """Owners and editors of its public body: what is never part of what was declared."""
    return may_edit_for(user, budget.process.organisation_id)


def may_declare(user: Any, budget: Budget) -> Verdict:
    """Money, ballot, rule, conflicts: until voting opens."""
    verdict = may_edit_budget(user, budget)
    if verdict and budget.poll.opened_at is not None:
        return VOTING_OPEN
    return verdict


def may_read_desk(user: Any, budget: Budget) -> Verdict:
    """Everyone who works for the public body, and the assessors. One query at most."""
    verdict = works_for(user, budget.process.organisation_id)
    return verdict if verdict else is_assessor(user, budget)


def may_propose(user: Any, budget: Budget) -> Verdict:
    """Whether the person may propose a project now. No query on a framed process."""
    return is_open_for(budget.process, Activity.PROJECT, user)


def _stands(project: Project) -> Verdict:
    if project.merged_into_id is not None:
        return IS_MERGED
    if not project.subject.is_standing:
        return no("not_standing", _("This was withdrawn or hidden."), 409)
    return YES


def _is_author(user: Any, project: Project) -> Verdict:
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    return YES if project.subject.author_id == user.pk else NOT_YOURS


def may_edit_project(user: Any, project: Project) -> Verdict:
    """Its author, while projects are proposed or revised, or until a revision is due that was asked for."""
    for verdict in (_is_author(user, project), _stands(project)):
        if not verdict:
            return verdict
    if project.decided_at is not None:
        return IS_DECIDED
    if is_revision_open(project):
        return YES
    revising = is_open_for(project.subject, Activity.REVISE, user)
    return revising if revising else is_open_for(project.subject, Activity.PROJECT, user)


def is_revision_open(project: Project) -> bool:
    """Whether a revision was asked for that can still be made, by the database's clock."""
    return (
        project.revision_due_at is not None
        and project.revised_at is None
        and project.subject.timetable.now < project.revision_due_at
    )


def may_withdraw_project(user: Any, project: Project) -> Verdict:
    """Its author, until voting opens or the budget is closed. No query on a framed subject."""
    for verdict in (_is_author(user, project), _stands(project)):
        if not verdict:
            return verdict
    if project.budget.poll.opened_at is not None:
        return VOTING_OPEN
    return is_running(project.subject)


def may_cosign(user: Any, project: Project) -> Verdict:
    """Everyone of the phase's audience but its author."""
    stands = _stands(project)
    if not stands:
        return stands
    if project.decided_at is not None:
        return IS_DECIDED
    verdict = is_open_for(project.subject, Activity.COSIGN, user)
    if verdict and project.subject.author_id == user.pk:
        return OWN_PROJECT
    return verdict


def may_answer_merger(user: Any, request: MergeRequest) -> Verdict:
    """The authors of both projects, until it expires, one refuses, a project falls or voting opens.

    The request comes with the database's clock (see `actions.mergers.requests`); no query.
    """
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    authors = {request.project.subject.author_id, request.into.subject.author_id}
    if user.pk not in authors:
        return NOT_YOURS
    if request.merged_at is not None or request.refused_at is not None:
        return OVER
    if request.expires_at <= request.clock:  # type: ignore[attr-defined]
        return OVER
    if request.project.budget.poll.opened_at is not None:
        return VOTING_OPEN
    for project in (request.project, request.into):
        if project.merged_into_id is not None:
            return IS_MERGED
        if not project.subject.is_standing:
            return OVER
    return YES


def may_remove_picture(user: Any, picture: Picture) -> Verdict:
    """Who added it, at any time: it may show them."""
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    return YES if picture.added_by_id == user.pk else NOT_YOURS


def is_assessor(user: Any, budget: Budget) -> Verdict:
    """Whether the person was named as an assessor, alone or in a group. One query."""
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    member = GroupMember.objects.filter(group=OuterRef("group"), user=user)
    found = Assessor.objects.filter(Q(user=user) | Exists(member), budget=budget)
    return YES if found.exists() else NOT_AN_ASSESSOR


def is_coordinator(user: Any, budget: Budget) -> Verdict:
    """Who hands out, signs, publishes, asks for revisions: owners and editors of the public body."""
    return may_edit_for(user, budget.process.organisation_id)


def may_see_assessments(user: Any, budget: Budget) -> Verdict:
    """Owners, editors and answerers of the public body, and the assessors. One query at most."""
    if isinstance(user, User):
        role = user.role_in(budget.process.organisation_id)
        if user.is_superuser or role in EDITING or role in ANSWERING:
            return YES
    return is_assessor(user, budget)


def has_assessment(user: Any, assessment: Assessment) -> Verdict:
    """Whether the person may look into this one: the public body's people into all of a budget, an
    assessor from elsewhere into those handed out to them or to a group of theirs. Two queries at most."""
    budget = assessment.project.budget
    verdict = may_see_assessments(user, budget)
    if not verdict or works_for(user, budget.process.organisation_id):
        return verdict
    if assessment.assessor_id == user.pk:
        return YES
    members = GroupMember.objects.filter(group=assessment.group_id or 0, user=user)
    return YES if members.exists() else NOT_HANDED_OUT


def may_assess(user: Any, assessment: Assessment) -> Verdict:
    """Whoever has it, while assessing is open and nothing is signed; one that is corrected until
    voting opens. Two queries at most."""
    budget = assessment.project.budget
    for verdict in (has_assessment(user, assessment), _stands(assessment.project)):
        if not verdict:
            return verdict
    is_published = assessment.project.decided_at is not None and not assessment.correction
    if assessment.signed_at is not None or is_published:
        return IS_DECIDED
    if budget.poll.opened_at is not None:
        return VOTING_OPEN
    return YES if assessment.correction else is_open_now(budget.process, Activity.ASSESS)


def may_sign(user: Any, assessment: Assessment) -> Verdict:
    """A coordinator other than the one who submitted it."""
    verdict = is_coordinator(user, assessment.project.budget)
    if not verdict:
        return verdict
    if assessment.signed_at is not None:
        return IS_DECIDED
    if assessment.proposed_at is None:
        return NOT_SUBMITTED
    return SAME_PERSON if assessment.proposed_by_id == user.pk else YES


def may_change_projects(user: Any, budget: Budget) -> Verdict:
    """Coordinators ask for revisions and mergers and move projects, until voting opens."""
    return may_declare(user, budget)


def may_report(user: Any, project: Project) -> Verdict:
    """Owners, editors and answerers of the public body, on chosen projects not finished yet."""
    organisation = project.budget.process.organisation_id
    edits = may_edit_for(user, organisation)
    verdict = edits if edits else may_answer_for(user, organisation)
    if not verdict:
        return verdict
    if project.chosen_at is None:
        return NOT_CHOSEN
    if project.built_on is not None or project.cancelled_at is not None:
        return OVER
    return YES


def may_add_news(user: Any, project: Project) -> Verdict:
    """As `may_report`, and of what is finished too: the last bills come late, and mistakes are
    corrected by a new report."""
    verdict = may_report(user, project)
    return YES if verdict.code == OVER.code else verdict
