"""The published bundle of a secret budget vote as elections: all that is needed to choose again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from budgets.allocation.model import Election
from budgets.election import elections
from voting.questionnaire.definition import Questionnaire, from_json


class BundleError(ValueError):
    """A file is not the bundle of a budget vote; one line in plain English."""


def is_bundle(path: Path) -> bool:
    """Whether a file looks like a bundle by its name."""
    return path.suffix.lower() in (".jsonl", ".ndjson")


def elections_of_bundle(path: Path) -> tuple[dict[str, Any], dict[str, Election]]:
    """(what was declared, {envelope key: election}) of a bundle. Raises BundleError.

    What was declared is `Questionnaire.allocation`: rule, completion, ties, seed and more.
    """
    rows = _rows(path)
    header = next(rows, None)
    if not header or header.get("kenes") != "bundle":
        raise BundleError("the first line is not the header of a bundle")
    questionnaire = _questionnaire(header)
    ballots = list(rows)
    replaced = {row.get("replaces") for row in ballots}
    try:
        valid = (row["answers"] for row in ballots if row["mark"] not in replaced)
        return dict(questionnaire.allocation), elections(questionnaire, valid)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BundleError(f"a ballot cannot be read ({error})") from error


def _questionnaire(header: dict[str, Any]) -> Questionnaire:
    try:
        questionnaire = from_json(header["definition"])
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError("the definition cannot be read") from error
    if not questionnaire.allocation:
        raise BundleError("this is not the bundle of a budget: it declares no rule")
    return questionnaire


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise BundleError(f"line {number} is not a JSON object")
                yield row
    except OSError as error:
        raise BundleError(str(error.strerror or error)) from error
    except ValueError as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError("this is not JSON, line by line, in UTF-8") from error
