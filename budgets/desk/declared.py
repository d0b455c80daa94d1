"""The ballot and the rule of a budget in plain words, as they were declared."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.about import facts_of
from budgets.models import Budget
from budgets.results.rules import rule_name, rule_path

Line = tuple[str, str, str]  # name, sentence, address or ""


def declared_lines(budget: Budget) -> list[Line]:
    """What was declared, line by line. No query."""
    page = f"/{get_language()}{rule_path(budget.rule)}"
    return [
        *((name, words, "") for name, words in facts_of(budget)),
        (_("Which rule chooses the projects"), rule_name(budget.rule), page),
        (_("Seed of the lot"), budget.seed or _("The digest of the ballots"), ""),
    ]
