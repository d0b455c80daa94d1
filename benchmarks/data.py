"""Ten times as much: everything that people added to a consultation, once more by other people.

The text stays the text; its articles have ten times the positions, arguments, sources and amendments,
and the consultation ten times the new articles and participants.
"""

from collections.abc import Mapping

from django.db import connection, models, transaction

from accounts.models import User
from consultations.importing import bulk
from consultations.models import Proposal
from deliberation import recount
from deliberation.models import Comment, Position, Source, Support
from processes.kinds import PROPOSAL_KINDS
from processes.models import Participation, Process, Subject

_OTHERS = "(SELECT id FROM processes_subject WHERE process_id = %(process)s AND {})"
_PROPOSALS = _OTHERS.format("kind = ANY(%(kinds)s)")
_ALL = _OTHERS.format("true")
_PEOPLE = "(SELECT user_id FROM processes_participation WHERE process_id = %(process)s)"


@transaction.atomic
def multiply(process: Process, times: int) -> None:
    """Have `times` as much of everything that participants made. Counters are exact afterwards."""
    shifts = {model: _shift(model) for model in _COPIED}
    for number in range(1, times):
        for model in _COPIED:
            _copy(model, process, {m: shift * number for m, shift in shifts.items()}, number)
    for model in _COPIED:
        _continue_numbers(model)
    bulk.analyse()
    recount.add_participations(process.pk)
    recount.fill(process.pk)


# {model: (which rows are copied, {column: what else than the column itself})}, in order of keys.
# "+Model" adds that model's shift; "?Subject" only where the subject is one that was copied.
_COPIED: dict[type[models.Model], tuple[str, dict[str, str]]] = {
    User: (
        f"id IN {_PEOPLE}",
        {"email": "%(number)s::text || '-' || email"},
    ),
    Subject: (f"id IN {_PROPOSALS}", {"author_id": "+User"}),
    Proposal: (
        f"subject_id IN {_PROPOSALS}",
        {"subject_id": "+Subject", "key": "''", "once": "NULL"},
    ),
    Comment: (
        f"subject_id IN {_ALL}",
        {
            "subject_id": "?Subject",
            "author_id": "+User",
            "parent_id": "+Comment",
            "root_id": "+Comment",
            "once": "NULL",
        },
    ),
    Support: (
        f"comment_id IN (SELECT id FROM deliberation_comment WHERE subject_id IN {_ALL})",
        {"comment_id": "+Comment", "user_id": "+User"},
    ),
    Source: (
        f"subject_id IN {_ALL}",
        {"subject_id": "?Subject", "author_id": "+User", "once": "NULL"},
    ),
    Position: (f"subject_id IN {_ALL}", {"subject_id": "?Subject", "user_id": "+User"}),
}


def _shift(model: type[models.Model]) -> int:
    """More than the greatest id there is."""
    return int(model._default_manager.aggregate(most=models.Max("pk", default=0))["most"]) + 1


def _copy(
    model: type[models.Model],
    process: Process,
    shifts: Mapping[type[models.Model], int],
    number: int,
) -> None:
    """The original rows (ids below the first shift) once more, as copy `number`."""
    where, changed = _COPIED[model]
    first = {m.__name__: shift // number for m, shift in shifts.items()}
    added = {m.__name__: shift for m, shift in shifts.items()}
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        columns.append(f'"{field.column}"')
        rule = f"+{model.__name__}" if field.primary_key else changed.get(field.column, "")
        values.append(_value(f'"{field.column}"', rule, added))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} FROM {model._meta.db_table} "
            f"WHERE id < {first[model.__name__]} AND {where}",
            {"process": process.pk, "kinds": list(PROPOSAL_KINDS), "number": number},
        )


def _value(column: str, rule: str, added: Mapping[str, int]) -> str:
    if rule.startswith("+"):
        return f"{column} + {added[rule[1:]]}"
    if rule.startswith("?"):
        return f"CASE WHEN {column} IN {_PROPOSALS} THEN {column} + {added[rule[1:]]} ELSE {column} END"
    return rule or column


def _continue_numbers(model: type[models.Model]) -> None:
    """New rows get ids beyond the copied ones."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def participants(process: Process) -> int:
    """How many take part, counted from the rows."""
    return Participation.objects.filter(process=process).count()
