"""What is kept of a result where ballots are confidential: no number that is about fewer than five people.

Winners, costs and reasons always stand. Neither the digest of the ballots nor a lot drawn from it does:
with few voters it could be guessed who voted what.
"""

from collections.abc import Mapping
from typing import Any

from voting.results.hiding import Confidential
from voting.statistics.suppression import LEAST

Row = dict[str, Any]


def without_small(result: Row, supporters: Mapping[str, int]) -> Row:
    """An allocation as JSON (`budgets.allocation.result`) without small figures: null or "" in their place.

    `supporters` is how many people gave each project anything. `is_hidden` says whether anything is missing.
    """
    small = {key for key in result["support"] if supporters.get(key, 0) < LEAST}
    rounds = [_choice(one, supporters) for one in result["rounds"]]
    losers = {key: _note(note, key in small) for key, note in result["losers"].items()}
    support = {key: None if key in small else n for key, n in result["support"].items()}
    shown = {**result, "rounds": rounds, "losers": losers, "support": support, "digest": ""}
    if not result["seed"]:
        shown["lot"] = []
    if result["people"] < LEAST:  # a share is the money divided by the number of people
        notes = [note for note in result["notes"] if note["code"] != "raised"]
        shown |= {"people": None, "notes": notes}
    is_hidden = bool(small) or rounds != result["rounds"] or losers != result["losers"]
    return {**shown, "is_hidden": is_hidden}


def _choice(choice: Row, supporters: Mapping[str, int]) -> Row:
    people = supporters.get(choice["project"], 0)
    if people < LEAST:
        nothing: Row = {
            "support": None,
            "payers": None,
            "price": "",
            "exact_price": "",
            "payments": [],
        }
        return {**choice, **nothing}
    payers = choice["payers"]
    if payers and (payers < LEAST or 0 < people - payers < LEAST):
        choice = {**choice, "payers": None, "payments": []}
    if any(payment["people"] < LEAST for payment in choice["payments"]):
        choice = {**choice, "payments": []}
    return choice


_ABOUT_FEW = ("support", "supporters", "have")


def _note(note: Row, is_small: bool) -> Row:
    if not is_small:
        return note
    params = {k: None if k in _ABOUT_FEW else value for k, value in note["params"].items()}
    return {**note, "params": params}


def without_small_counts(
    counts: Mapping[str, int], blank: int
) -> tuple[dict[str, Any], int | None]:
    """How many voters got how many of theirs, and how many chose nothing; null where it is hidden."""
    cells: dict[str | int, int] = {key: number for key, number in counts.items() if number}
    if blank:
        cells["blank"] = blank
    hidden = Confidential().of_total(cells)
    shown = {key: None if key in hidden else number for key, number in counts.items()}
    return shown, None if "blank" in hidden else blank
