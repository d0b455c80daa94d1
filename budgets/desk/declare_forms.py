"""The form on which the ballot and the rule of a budget, and its voters, are declared."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Area, Group
from budgets.actions.declaring import LARGEST_COUNT, MOST_POINTS, Declared, Voters
from budgets.kinds import RULES_OF, BallotKind, Rule, Scope, TieRule
from budgets.results.rules import rule_paragraph, rule_path
from processes.fields import AreaField, ByLanguage, area_choices, long_text
from voting.kinds import ChangePolicy, Eligibility, Secrecy

_POINTS = frozenset(RULES_OF[BallotKind.SHARE])


def _radio(label: Any, choices: Any, help_text: Any = "", **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text, **options
    )


def _number(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, help_text=help_text
    )


class DeclareForm(ByLanguage):
    """What is declared before voting opens."""

    texts = {
        "consent": long_text(
            gettext_lazy("What people agree to before they vote"),
            5,
            help_text=gettext_lazy(
                "Who asks and why, what happens with the ballots, how long they are kept, whom to "
                "ask. Leave it empty if nothing has to be agreed to."
            ),
        )
    }
    ballot = _radio(gettext_lazy("How people vote"), BallotKind.choices)
    scope = _radio(
        gettext_lazy("On which envelopes"),
        Scope.choices,
        gettext_lazy("It makes a difference only where there are several."),
    )
    least = _number(gettext_lazy("Projects at least"), 0, LARGEST_COUNT)
    most = _number(
        gettext_lazy("Projects at most"),
        1,
        LARGEST_COUNT,
        gettext_lazy("Leave it empty if there is no such limit."),
    )
    points = _number(gettext_lazy("Points to share out"), 1, MOST_POINTS)
    points_each = _number(
        gettext_lazy("Points for one project at most"),
        1,
        MOST_POINTS,
        gettext_lazy("Leave it empty if one project may get them all."),
    )
    rule = _radio(gettext_lazy("Which rule chooses the projects"), Rule.choices)
    completion = _radio(
        gettext_lazy("What is done with money that is left"),
        [
            ("", gettext_lazy("It stays unspent")),
            ("greedy", gettext_lazy("The most supported projects that still fit are chosen")),
        ],
        gettext_lazy("Only equal shares and Phragmén can leave money that another project needs."),
        required=False,
    )
    ties = _radio(gettext_lazy("What decides between projects that stand equal"), TieRule.choices)
    seed = forms.CharField(
        label=gettext_lazy("Seed of the lot"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Words or digits that are drawn in public. Leave it empty to take the digest of the "
            "ballots, which nobody knows before the end."
        ),
    )
    support_needed = _number(
        gettext_lazy("Support that a project needs"),
        0,
        LARGEST_COUNT,
        gettext_lazy("Votes, or points where they are shared or ranked. 0: no such minimum."),
    )
    eligibility = _radio(gettext_lazy("Who may vote"), Eligibility.choices)
    secrecy = _radio(
        gettext_lazy("Who knows what a person voted"),
        Secrecy.choices,
        gettext_lazy(
            "That somebody voted is known to the site in each case, so that nobody votes twice."
        ),
    )
    change_policy = _radio(gettext_lazy("Whether a vote can be changed"), ChangePolicy.choices)
    shows_turnout = forms.BooleanField(
        label=gettext_lazy("Show how many have voted while it is open"), required=False
    )
    eligible_count = forms.IntegerField(
        label=gettext_lazy("How many people may vote"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=gettext_lazy("By the register. Turnout is a share of it."),
    )

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.groups_by_id = {group.pk: group for group in groups}
        self.fields["area"] = AreaField(
            label=_("Of which area"),
            choices=area_choices(_("Choose an area")),
            help_text=_("Only if residents may vote."),
        )
        self.fields["group"] = AreaField(
            label=_("Which group"),
            choices=[("", _("Choose a group")), *((g.pk, g.name) for g in groups)],
            help_text=_("Only if the people of a group may vote."),
        )

    def rule_choices(self) -> list[tuple[Any, str, str, str]]:
        """(radio button, what it reads, its paragraph for citizens, its page) of every rule, in order.
        It reads "votes" or "points"."""
        found = []
        for button in self["rule"]:
            rule = str(button.data["value"])
            reads = "points" if rule in _POINTS else "votes"
            found.append((button, reads, rule_paragraph(rule), rule_path(rule)))
        return found

    def declared(self) -> Declared:
        """The ballot and the rule, as filled in."""
        data = self.cleaned_data
        return Declared(
            least=data["least"] or 0,
            support_needed=data["support_needed"] or 0,
            **{
                name: data[name]
                for name in (
                    "ballot", "scope", "most", "points", "points_each", "rule", "completion",
                    "ties", "seed",
                )
            },
        )  # fmt: skip

    def voters(self) -> Voters:
        """Who may vote, as filled in. One query."""
        data = self.cleaned_data
        names = ("eligibility", "secrecy", "change_policy", "shows_turnout", "eligible_count")
        return Voters(
            area=Area.objects.filter(pk=data["area"]).first() if data["area"] else None,
            group=self.groups_by_id.get(data["group"] or 0),
            **{name: data[name] for name in names},
        )
