"""Money, projects, how they are assessed, chosen and carried out."""

from budgets.models.assessment import Assessment, AssessmentEvent, AssessmentNote, Assessor
from budgets.models.budget import Budget, Category, Conflict, ConflictProject, Envelope
from budgets.models.execution import Milestone, Report
from budgets.models.project import Cosignature, MergeRequest, Picture, Project, ProjectRevision
from budgets.models.result import Allocation, Satisfaction

__all__ = [
    "Allocation",
    "Assessment",
    "AssessmentEvent",
    "AssessmentNote",
    "Assessor",
    "Budget",
    "Category",
    "Conflict",
    "ConflictProject",
    "Cosignature",
    "Envelope",
    "MergeRequest",
    "Milestone",
    "Picture",
    "Project",
    "ProjectRevision",
    "Report",
    "Satisfaction",
]
