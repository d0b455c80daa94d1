"""How voters are served by the declared rule and by all others, as results pages show it. Makes no query."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from budgets.models import Satisfaction
from budgets.results.reading import Results
from budgets.results.rules import rule_name, rule_path
from common.texts import Localized
from common.ui import charts
from common.ui.charts import Bar
from common.ui.words import count
from voting.results.shown import Drawn, Line, Table
from voting.results.words import decimal, percent, whole

MOST_ROWS = 12  # numbers of projects that are told apart
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `base` voters who chose something, how many got at least one of theirs; None where it is hidden."""

    base: int | None
    served: int | None
    average: float | None

    @property
    def share(self) -> float | None:
        if not self.base or self.served is None:
            return None
        return self.served / self.base


def figures(row: Satisfaction) -> Figures:
    """What the counts of a rule say all in all."""
    base = None if row.blank is None else row.people - row.blank
    none = row.counts.get("0", 0)
    served = None if base is None or none is None else base - none
    numbers: list[int | None] = list(row.counts.values())
    if not base or None in numbers:
        return Figures(base, served, None)
    total = sum(int(key) * number for key, number in row.counts.items())
    return Figures(base, served, total / base)


def sentence(row: Satisfaction | None) -> str:
    """How many voters got at least one of theirs; "" where nobody chose anything or it is hidden."""
    if row is None:
        return ""
    found = figures(row)
    if not found.base or found.served is None:
        return ""
    return ngettext(
        "%(served)s of %(base)s voter who chose something got at least one of their projects (%(share)s).",
        "%(served)s of %(base)s voters who chose something got at least one of their projects (%(share)s).",
        found.base,
    ) % {
        "served": count(found.served),
        "base": count(found.base),
        "share": percent(found.share),
    }


def satisfaction(row: Satisfaction) -> tuple[Table, Drawn]:
    """How many voters got how many of theirs: 0, 1, 2, …, as a table and drawn."""
    base = figures(row).base
    rows = [(_how_many(key), number) for key, number in _joined(row.counts)]
    lines = [
        Line(
            Localized(label, ""),
            (whole(number), percent(number / base if base and number is not None else None)),
        )
        for label, number in rows
    ]
    notes = []
    if row.blank:
        notes.append(
            ngettext(
                "%(count)s more person voted and chose nothing.",
                "%(count)s more people voted and chose nothing.",
                row.blank,
            )
            % {"count": count(row.blank)}
        )
    if None in row.counts.values():
        notes.append(
            _("A dash stands for a number that is hidden, since few people are behind it.")
        )
    head = (
        Localized(pgettext("column", "Voters"), ""),
        Localized(pgettext("column", "Share"), ""),
    )
    table = Table(
        _("How many of their projects voters got"),
        pgettext("column", "Of theirs"),
        head,
        lines,
        notes,
    )
    drawing = charts.bars(
        Bar(
            Localized(label, ""),
            number / base if base and number is not None else None,
            None,
            None,
            percent(number / base if base and number is not None else None),
        )
        for label, number in rows
    )
    return table, Drawn(_("Share of the voters who got so many of their projects"), drawing)


def _joined(counts: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    """The counts in order; beyond MOST_ROWS they are one row ("12+")."""
    ordered = sorted(counts.items(), key=lambda item: int(item[0]))
    kept = [item for item in ordered if int(item[0]) < MOST_ROWS]
    rest = [number for key, number in ordered if int(key) >= MOST_ROWS]
    if rest:
        known = None if None in rest else sum(number or 0 for number in rest)
        kept.append((f"{MOST_ROWS}+", known))
    return kept


def _how_many(key: str) -> str:
    if key.endswith("+"):
        return _("%(number)s or more") % {"number": key[:-1]}
    number = int(key)
    if not number:
        return _("none")
    return ngettext("%(count)s project", "%(count)s projects", number) % {"count": count(number)}


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule in the comparison; `letter` stands for it in the matrix."""

    letter: str
    name: str
    href: str
    is_declared: bool
    chosen: str
    cost: str
    share: float | None
    share_text: str
    average: str
    same: str
    winners: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What each rule would have chosen on the same ballots: rules, a drawing, projects by rules."""

    rules: list[RuleShown]
    drawn: Drawn
    rows: list[tuple[Localized, list[str]]]


def comparison(results: Results) -> Comparison | None:
    """All rules beside one another; None where only the declared one was applied."""
    rules = _rules(results)
    if len(rules) < 2:
        return None
    drawing = charts.bars(
        Bar(Localized(f"{rule.letter}. {rule.name}", ""), rule.share, None, None, rule.share_text)
        for rule in rules
    )
    caption = _("Voters who would have got at least one of their projects, by rule")
    return Comparison(rules, Drawn(caption, drawing), list(_matrix(results, rules)))


def _rules(results: Results) -> list[RuleShown]:
    """The declared rule first."""
    own = frozenset(results.winners)
    others: dict[str, set[str]] = {}
    for one in results.compared:
        others.setdefault(one.rule, set()).update(one.winners)
    found = []
    rows = sorted(results.served, key=lambda row: not row.is_declared)
    for letter, row in zip(LETTERS, rows, strict=False):
        winners = own if row.is_declared else frozenset(others.get(row.rule, ()))
        told = figures(row)
        found.append(
            RuleShown(
                letter=letter,
                name=_name(results, row),
                href=f"/{get_language()}{rule_path(row.rule)}",
                is_declared=row.is_declared,
                chosen=count(row.chosen_count),
                cost=results.names.money(row.cost),
                share=told.share,
                share_text=percent(told.share),
                average=decimal(told.average),
                same=_same(own, winners),
                winners=winners,
            )
        )
    return found


def _name(results: Results, row: Satisfaction) -> str:
    name = rule_name(row.rule)
    if row.is_declared and results.budget.completion:
        return _("%(rule)s; what is left goes to the most supported that still fit") % {
            "rule": name
        }
    return name


def _same(own: frozenset[str], winners: frozenset[str]) -> str:
    """How its choice differs from the one that holds."""
    if own == winners:
        return _("the same projects")
    more, fewer = len(winners - own), len(own - winners)
    figures = {"more": count(more), "fewer": count(fewer)}
    if not fewer:
        return ngettext("%(more)s project more", "%(more)s projects more", more) % figures
    if not more:
        return ngettext("%(fewer)s project fewer", "%(fewer)s projects fewer", fewer) % figures
    return (
        ngettext(
            "%(more)s other project instead of %(fewer)s",
            "%(more)s other projects instead of %(fewer)s",
            more,
        )
        % figures
    )


def _matrix(results: Results, rules: list[RuleShown]) -> list[tuple[Localized, list[str]]]:
    """Projects that any rule chooses, those of the result first, and by which rules."""
    rank = {key: place for place, key in enumerate(results.winners)}
    keys = {key for rule in rules for key in rule.winners}
    often = {key: sum(key in rule.winners for rule in rules) for key in keys}
    ordered = sorted(keys, key=lambda key: (rank.get(key, len(rank)), -often[key], key))
    return [
        (results.names.project(key), ["✓" if key in rule.winners else "–" for rule in rules])
        for key in ordered
    ]
