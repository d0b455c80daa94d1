"""What the counters of projects must be, told once as SQL (see `deliberation.recount`)."""

from deliberation.recount import Counted, drift_of, repair_counted
from processes.counters import Drift

PROJECTS = Counted(
    table="budgets_project",
    counters=("cosignature_count",),
    process="b.process_id",
    rows="""
    JOIN budgets_budget AS b ON b.id = t.budget_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS cosignature_count_is FROM budgets_cosignature WHERE project_id = t.id
    ) AS signatures""",
)


def drift(process_id: int | None = None) -> list[Drift]:
    """Every counter of a project that is wrong. One statement."""
    return list(drift_of(PROJECTS, process_id))


def repair_row(row_id: int) -> None:
    """Set the counters of one project to what the rows say. Exact while others write. Two queries."""
    repair_counted(PROJECTS, row_id)
