"""Forms of the desk of budgets: what describes a budget, its money, its ballot and rule."""

from django.utils.translation import gettext_lazy

from processes.fields import long_text
from processes.forms import ChosenLanguages, DescribeForm, ForBody


class AboutForm(DescribeForm):
    """What describes a budget."""

    texts = {
        **DescribeForm.texts,
        "about": long_text(
            gettext_lazy("What it is about"),
            10,
            help_text=gettext_lazy(
                "What the money may be spent on, what it may not, and who carries projects out."
            ),
        ),
    }


class LanguagesForm(ChosenLanguages, AboutForm):
    """What describes a budget whose languages can still be chosen: it is not published."""

    field_order = ("languages",)
    languages_help = gettext_lazy(
        "In which languages the budget speaks. The first one leads. What is written in a language "
        "that you take out is kept, but not shown."
    )


class NewBudgetForm(ForBody, LanguagesForm):
    """A budget that does not exist yet: its public body as well."""

    field_order = ("organisation", "languages")
