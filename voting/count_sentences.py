"""What a count says about itself: methods, rounds, notes and ties, in sentences.

Codes and their params are those of `voting.tally`. `names` are candidates' names by key.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

Params = Mapping[str, Any]
Names = Mapping[str, str]

# Decimals that are shown; results keep all of them.
SHOWN = 5


def figure(text: str) -> str:
    """Exact decimal text as the reader's language writes it: "12.50000" is 12.5."""
    number = round(Decimal(text), SHOWN)
    number = number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()
    return number_format(number, force_grouping=True)


def listed(keys: Any, names: Names) -> str:
    """Names in a row."""
    return ", ".join(names[key] for key in keys)


def method_name(method: str) -> str:
    """A method as a reader knows it."""
    return {
        "plurality": _("Most votes"),
        "approval": _("Approval"),
        "score": _("Scores"),
        "majority-judgement": _("Majority judgement"),
        "borda": _("Borda points"),
        "irv": _("Instant run-off"),
        "stv-scottish": _("Single transferable vote (Scottish rules)"),
        "stv-meek": _("Single transferable vote (Meek’s method)"),
        "schulze": _("Schulze’s method"),
        "ranked-pairs": _("Ranked pairs"),
    }.get(method, method)


def method_about(method: str) -> str:
    """What a method does, in a sentence or two."""
    return {
        "plurality": _("Whoever has the most votes is chosen."),
        "approval": _("Each ballot names all it approves; whoever is approved most is chosen."),
        "score": _("The scores are added up; the highest sum is chosen."),
        "majority-judgement": _(
            "Each gets the grade that at least half of the voters would grant; the best grade is chosen."
        ),
        "borda": _(
            "Each ballot gives a point for every one ranked lower; the most points are chosen."
        ),
        "irv": _(
            "The last is excluded and its ballots go to their next choice, until one has more than half."
        ),
        "stv-scottish": _(
            "Whoever reaches the quota is elected. What is above the quota, and the ballots of whoever "
            "is excluded, go to the next choice of those who gave them."
        ),
        "stv-meek": _(
            "Whoever reaches the quota is elected and keeps only the part of each ballot that is needed; "
            "the rest goes on to the next choice, and the quota is computed anew each time."
        ),
        "schulze": _(
            "All are compared two by two; whoever beats every other, directly or by a stronger chain of "
            "victories, is chosen."
        ),
        "ranked-pairs": _(
            "All are compared two by two; the clearest victories are kept first, and those that would "
            "contradict them are left out."
        ),
    }.get(method, "")


def round_title(step: Mapping[str, Any], names: Names) -> str:
    """The heading of a round (one of `Round.to_json`)."""
    code = step["code"]
    if code == "exclusion" and step["excluded"]:
        title = _("Excluded: %(names)s") % {"names": listed(step["excluded"], names)}
    elif code == "surplus" and step["transfers"]:
        source = names[step["transfers"][0]["from"]]
        title = _("The surplus of %(name)s moves on") % {"name": source}
    else:
        title = {
            "first": _("First choices"),
            "surplus": _("A surplus moves on"),
            "iteration": _("The quota is computed anew"),
            "votes": _("Votes"),
            "points": _("Points"),
            "grades": _("Grades"),
            "removal": _("Equal grades are told apart"),
            "majority_value": _("The order"),
            "pairs": _("Two by two"),
            "paths": _("Chains of victories"),
            "locking": _("Victories from the clearest down"),
            "ranking": _("The order"),
        }.get(code, code)
    return _("%(number)s. %(title)s") % {"number": step["number"], "title": title}


def note_sentence(code: str, params: Params, names: Names) -> str:
    """A note of a round; "" for a code that is not known."""
    tell = _NOTES.get(code)
    return tell(params, names) if tell else ""


def tie_sentence(tie: Params, names: Names) -> str:
    """How a tie was settled."""
    values = {
        "names": listed(tie["candidates"], names),
        "chosen": names[tie["chosen"]],
        "round": tie["round"],
    }
    by = 0 if tie["decided_by"] == "history" else 1
    return _ties()[tie["purpose"]][by] % values


def _ties() -> Mapping[str, tuple[str, str]]:
    """By what a tie was about: settled by earlier rounds, settled by lot."""
    return {
        "exclude": (
            _(
                "Round %(round)s: %(names)s were equal and last. %(chosen)s had fewest in the latest "
                "round in which they differed, and was excluded."
            ),
            _("Round %(round)s: %(names)s were equal and last. The lot excluded %(chosen)s."),
        ),
        "elect": (
            _(
                "Round %(round)s: %(names)s were equal. %(chosen)s had most in the latest round in "
                "which they differed, and was elected."
            ),
            _("Round %(round)s: %(names)s were equal. The lot elected %(chosen)s."),
        ),
        "order": (
            _(
                "Round %(round)s: %(names)s were elected with as many votes. %(chosen)s stands first, "
                "having had more in an earlier round."
            ),
            _(
                "Round %(round)s: %(names)s were elected with as many votes. By lot %(chosen)s "
                "stands first."
            ),
        ),
        "transfer": (
            _(
                "Round %(round)s: %(names)s had equal surpluses. That of %(chosen)s moved on first: "
                "it was ahead in an earlier round."
            ),
            _(
                "Round %(round)s: %(names)s had equal surpluses. By lot that of %(chosen)s moved first."
            ),
        ),
        "pair": (
            _("Round %(round)s: victories among %(names)s were equally clear."),
            _(
                "Round %(round)s: victories among %(names)s were equally clear and contradict each "
                "other. By lot one of %(chosen)s came first."
            ),
        ),
    }


def _one(text: Any, params: Params, names: Names) -> str:
    return str(text % {"name": names[params["candidate"]]})


def _several(text: Any, params: Params, names: Names) -> str:
    """`text` is lazy and takes its plural from how many are elected."""
    elected = params["elected"]
    return str(text % {"names": listed(elected, names), "number": len(elected)})


def _surplus(params: Params, names: Names) -> str:
    return _("%(name)s has %(votes)s votes more than the quota; they move on.") % {
        "name": names[params["candidate"]],
        "votes": figure(params["votes"]),
    }


def _removed(params: Params, names: Names) -> str:
    removed = params["removed"]
    return ngettext(
        "%(tied)s are equal at first. With the middle grade taken away %(number)s time, %(left)s is ahead.",
        "%(tied)s are equal at first. With the middle grade taken away %(number)s times, %(left)s is ahead.",
        removed,
    ) % {
        "tied": listed(params["tied"], names),
        "left": listed(params["left"], names),
        "number": number_format(removed, force_grouping=True),
    }


def _pair(text: Any, params: Params, names: Names) -> str:
    values = {
        "winner": names[params["winner"]],
        "loser": names[params["loser"]],
        "votes": figure(params["votes"]),
        "against": figure(params["against"]),
    }
    return str(text % values)


def _ranking(params: Params, names: Names) -> str:
    return _("The order is: %(names)s.") % {"names": listed(params["order"], names)}


def _plain(text: Any, params: Params, names: Names) -> str:
    return str(text)


_NOTES: Mapping[str, Callable[[Params, Names], str]] = {
    "no_ballots": partial(
        _plain, gettext_lazy("No ballot could be counted, so nobody is elected.")
    ),
    "highest": partial(
        _several,
        ngettext_lazy(
            "%(names)s has the most votes.",
            "%(names)s have the most votes, in this order.",
            "number",
        ),
    ),
    "highest_score": partial(
        _several,
        ngettext_lazy(
            "%(names)s has the highest sum.",
            "%(names)s have the highest sums, in this order.",
            "number",
        ),
    ),
    "highest_points": partial(
        _several,
        ngettext_lazy(
            "%(names)s has the most points.",
            "%(names)s have the most points, in this order.",
            "number",
        ),
    ),
    "medians": partial(
        _plain,
        gettext_lazy("Each has the middle one of its grades, from the worst to the best."),
    ),
    "medians_removed": _removed,
    "best_grades": partial(
        _several,
        ngettext_lazy(
            "%(names)s has the best grade.",
            "%(names)s have the best grades, in this order.",
            "number",
        ),
    ),
    "excluded": partial(
        _one, gettext_lazy("%(name)s is last and excluded; the ballots go to their next choice.")
    ),
    "majority": partial(
        _one, gettext_lazy("%(name)s has more than half of the votes that still count.")
    ),
    "last_standing": partial(_one, gettext_lazy("%(name)s alone is left.")),
    "surplus": _surplus,
    "quota_reached": partial(_one, gettext_lazy("%(name)s reaches the quota and is elected.")),
    "last_vacancies": partial(
        _one, gettext_lazy("%(name)s is elected: as many are left as there are seats to fill.")
    ),
    "condorcet_winner": partial(
        _one, gettext_lazy("%(name)s beats every other in a comparison of two.")
    ),
    "no_condorcet_winner": partial(
        _plain, gettext_lazy("Nobody beats every other in a comparison of two.")
    ),
    "paths": partial(
        _plain,
        gettext_lazy(
            "A chain of victories is as strong as the weakest of them. The table shows the strongest "
            "chain from each to each."
        ),
    ),
    "pair_locked": partial(
        _pair, gettext_lazy("%(winner)s beats %(loser)s, %(votes)s to %(against)s: kept.")
    ),
    "pair_left_out": partial(
        _pair,
        gettext_lazy(
            "%(winner)s beats %(loser)s, %(votes)s to %(against)s: left out, it contradicts what is kept."
        ),
    ),
    "ranking": _ranking,
}
