"""What every counter must be, told once as SQL over the rows that it counts.

A check is one statement, so it sees one moment of the database. Writers move a counter in the
transaction of its row, so in any one moment the two agree, however busy the site is. A repair
locks the counter's row first and counts in the next statement: whoever writes at that time has
either moved the counter already, and is seen, or waits for the lock and adds to the repaired
number. No more than one row is locked at a time, so nobody waits in a circle.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from processes.counters import Drift

_STANDS = "hidden_at IS NULL AND withdrawn_at IS NULL"


@dataclass(frozen=True, slots=True)
class Counted:
    """The counters of one table. `rows` is SQL for the counted things of the row `t`, laterally;
    `process` is SQL for the process that `t` belongs to."""

    table: str
    counters: tuple[str, ...]
    rows: str
    process: str

    @property
    def truth(self) -> str:
        """Subquery: id, process_id, the counters as stored (s_…) and as they must be (c_…)."""
        columns = ", ".join(
            f"t.{name} AS s_{name}, {name}_is AS c_{name}" for name in self.counters
        )
        return (
            f"SELECT t.id, {self.process} AS process_id, {columns} "  # noqa: S608 - all fixed
            f"FROM {self.table} AS t {self.rows}"
        )

    @property
    def differs(self) -> str:
        return " OR ".join(f"s_{name} <> c_{name}" for name in self.counters)

    def update(self, where: str) -> str:
        """Statement that writes what must be where it is not; `where` restricts the table's rows."""
        values = ", ".join(f"{name} = truth.c_{name}" for name in self.counters)
        return (
            f"UPDATE {self.table} AS u SET {values} "  # noqa: S608 - all fixed
            f"FROM ({self.truth} WHERE {where}) AS truth WHERE u.id = truth.id AND ({self.differs})"
        )


SUBJECTS = Counted(
    table="processes_subject",
    counters=(
        "agree_count",
        "mixed_count",
        "disagree_count",
        "comment_count",
        "for_count",
        "against_count",
        "source_count",
        "amendment_count",
        "new_article_count",
    ),
    process="t.process_id",
    rows=f"""
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE value = 'agree') AS agree_count_is,
               count(*) FILTER (WHERE value = 'mixed') AS mixed_count_is,
               count(*) FILTER (WHERE value = 'disagree') AS disagree_count_is
        FROM deliberation_position WHERE subject_id = t.id
    ) AS positions
    CROSS JOIN LATERAL (
        SELECT count(*) AS comment_count_is,
               count(*) FILTER (WHERE depth = 0 AND stance = 'for') AS for_count_is,
               count(*) FILTER (WHERE depth = 0 AND stance = 'against') AS against_count_is
        FROM deliberation_comment WHERE subject_id = t.id AND {_STANDS}
    ) AS comments
    CROSS JOIN LATERAL (
        SELECT count(*) AS source_count_is
        FROM deliberation_source WHERE subject_id = t.id AND {_STANDS}
    ) AS sources
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE kind = 'amendment') AS amendment_count_is,
               count(*) FILTER (WHERE kind = 'new_article') AS new_article_count_is
        FROM processes_subject WHERE parent_id = t.id AND {_STANDS}
    ) AS proposals""",  # noqa: S608 - all fixed
)

COMMENTS = Counted(
    table="deliberation_comment",
    counters=("support_count", "reply_count"),
    process="s.process_id",
    rows="""
    JOIN processes_subject AS s ON s.id = t.subject_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS support_count_is
        FROM deliberation_support WHERE comment_id = t.id AND ended_at IS NULL
    ) AS supports
    CROSS JOIN LATERAL (
        SELECT count(*) AS reply_count_is FROM deliberation_comment WHERE parent_id = t.id
    ) AS replies""",
)

PROCESSES = Counted(
    table="processes_process",
    counters=("participant_count", "contribution_count", "position_count"),
    process="t.id",
    rows=f"""
    CROSS JOIN LATERAL (
        SELECT count(*) AS participant_count_is
        FROM processes_participation WHERE process_id = t.id
    ) AS participations
    CROSS JOIN LATERAL (
        SELECT count(p.id) AS position_count_is
        FROM processes_subject AS s JOIN deliberation_position AS p ON p.subject_id = s.id
        WHERE s.process_id = t.id AND p.value IS NOT NULL
    ) AS positions
    CROSS JOIN LATERAL (
        SELECT
            (SELECT count(*) FROM processes_subject WHERE process_id = t.id
                AND kind IN ('amendment', 'new_article', 'project') AND {_STANDS})
            + (SELECT count(*) FROM processes_subject AS s
                JOIN deliberation_comment AS c ON c.subject_id = s.id
                WHERE s.process_id = t.id AND c.hidden_at IS NULL AND c.withdrawn_at IS NULL)
            + (SELECT count(*) FROM processes_subject AS s
                JOIN deliberation_source AS c ON c.subject_id = s.id
                WHERE s.process_id = t.id AND c.hidden_at IS NULL AND c.withdrawn_at IS NULL)
            AS contribution_count_is
    ) AS contributions""",  # noqa: S608 - all fixed
)

# In the order in which they are repaired: who takes part is counted by the process.
ALL = (SUBJECTS, COMMENTS, PROCESSES)

# Everyone who ever took a position, contributed or supported, by process.
_TOOK_PART = """
SELECT s.process_id, p.user_id FROM deliberation_position AS p
    JOIN processes_subject AS s ON s.id = p.subject_id
UNION
SELECT s.process_id, c.author_id FROM deliberation_comment AS c
    JOIN processes_subject AS s ON s.id = c.subject_id
UNION
SELECT s.process_id, c.author_id FROM deliberation_source AS c
    JOIN processes_subject AS s ON s.id = c.subject_id
UNION
SELECT s.process_id, u.user_id FROM deliberation_support AS u
    JOIN deliberation_comment AS c ON c.id = u.comment_id
    JOIN processes_subject AS s ON s.id = c.subject_id
UNION
SELECT process_id, author_id FROM processes_subject
    WHERE author_id IS NOT NULL AND kind IN ('amendment', 'new_article', 'project')
"""

_MISSING = f"""
SELECT t.process_id, t.user_id FROM ({_TOOK_PART}) AS t
WHERE (%(process)s::bigint IS NULL OR t.process_id = %(process)s) AND NOT EXISTS (
    SELECT FROM processes_participation AS p
    WHERE p.process_id = t.process_id AND p.user_id = t.user_id
)
"""  # noqa: S608 - all fixed


def drift(process_id: int | None = None) -> list[Drift]:
    """Every counter that is wrong (of one process, or everywhere). One statement a table."""
    found: list[Drift] = []
    for counted in ALL:
        found += drift_of(counted, process_id)
    return found


def drift_of(counted: Counted, process_id: int | None) -> Iterator[Drift]:
    """The counters of one table that are wrong. One statement."""
    columns = ", ".join(f"s_{name}, c_{name}" for name in counted.counters)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, process_id, {columns} FROM ({counted.truth}) AS truth "  # noqa: S608
            f"WHERE (%(process)s::bigint IS NULL OR process_id = %(process)s) "
            f"AND ({counted.differs}) ORDER BY id",
            {"process": process_id},
        )
        rows = cursor.fetchall()
    for row_id, process, *numbers in rows:
        pairs = zip(counted.counters, numbers[::2], numbers[1::2], strict=True)
        for counter, stored, right in pairs:
            if stored != right:
                yield Drift(counted.table, row_id, process, counter, stored, right)


def missing_participations(process_id: int | None = None) -> list[tuple[int, int]]:
    """(process id, user id) of people who took part and are not known to have. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"process": process_id})
        return [(process, user) for process, user in cursor.fetchall()]


def add_participations(process_id: int | None = None) -> int:
    """Enter people who took part and are not known to have; how many. Counters are not moved."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO processes_participation (process_id, user_id, since_at) "  # noqa: S608
            f"SELECT process_id, user_id, now() FROM ({_MISSING}) AS missing "
            f"ON CONFLICT (process_id, user_id) DO NOTHING",
            {"process": process_id},
        )
        return int(cursor.rowcount)


def repair_row(table: str, row_id: int) -> None:
    """Set all counters of one row to what the rows say. Exact while others write. Three queries."""
    repair_counted(next(c for c in ALL if c.table == table), row_id)


def repair_counted(counted: Counted, row_id: int) -> None:
    """The same for a row of a table that an app above counts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM {counted.table} WHERE id = %s FOR UPDATE", [row_id])
        cursor.execute(counted.update("t.id = %s"), [row_id])


def fill(process_id: int) -> None:
    """Set all counters of a process that only the caller's transaction writes to. Three statements.

    For bulk loading: takes the rows' locks as it meets them, so it is not for a busy process.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for counted in ALL:
            cursor.execute(counted.update(f"{counted.process} = %s"), [process_id])
