"""Template tags of the interface, builtin in every template. The pieces themselves are in common.ui."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.middleware.csrf import get_token
from django.template.base import FilterExpression, Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from common import texts
from common.ui import bars, contents, icons, moments, people, shell, tongues, words
from common.ui import money as sums
from common.ui import timeline as lines

register = template.Library()

register.simple_tag(bars.position_bar)
register.simple_tag(bars.position_bar_mini)
register.simple_tag(bars.progress)
register.simple_tag(moments.when)
register.simple_tag(people.comment, name="comment_card")
register.simple_tag(people.tombstone)
register.simple_tag(people.promise)
register.simple_tag(people.decision_word, name="decision")
register.simple_tag(icons.icon)
register.simple_tag(shell.once)
register.simple_tag(shell.language_links)
register.simple_tag(contents.contents_tree)
register.filter("count", words.count)
register.filter("people", words.people)
register.filter("money", sums.money)
register.filter("marked", tongues.marked)
register.filter("lang_of", tongues.lang_of)


@register.filter(is_safe=True)
def ago(moment: datetime | None) -> SafeString | str:
    """{{ comment.created_at|ago }}: a <time> with the distance within a week, the day beyond."""
    return format_html("{}", people.trusted(moments.ago(moment))) if moment else ""


@register.filter
def day(moment: datetime | date | None) -> str:
    """{{ answer.answered_at|day }}: the day in words."""
    return moments.day(moment) if moment else ""


@register.filter
def weekday(moment: datetime | date | None) -> str:
    """{{ day|weekday }}: the day without its year."""
    return moments.weekday(moment) if moment else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """{{ phase.opens_at|clock }}: the time of day."""
    return moments.clock(moment) if moment else ""


@register.filter
def localized(value: Mapping[str, str] | str | None) -> str:
    """{{ process.title|localized }}: the text in the reader's language, or the best there is."""
    return texts.localized(value).text


@register.simple_tag
def localized_span(value: Mapping[str, str] | str | None) -> SafeString | str:
    """The text in a span that carries its language: {% localized_span process.title %}."""
    found = texts.localized(value)
    return format_html('<span lang="{}">{}</span>', found.language, found.text) if found else ""


@register.simple_tag
def timeline(steps: Iterable[lines.Step], now: datetime | None = None) -> SafeString | str:
    """The phases as a drawn line: {% timeline steps %}, steps of common.ui.timeline.Step."""
    return lines.timeline(steps, now)


@lru_cache(maxsize=32)
def _script_words(language: str) -> SafeString:
    return format_html(
        '<template id="words" data-kept="{}" data-discard="{}" data-copied="{}" data-failed="{}"></template>',
        gettext("We kept what you had typed."),
        gettext("Discard it"),
        gettext("Copied"),
        gettext("The site could not be reached. Nothing is lost; please try again."),
    )


@register.simple_tag
def script_words() -> SafeString:
    """The few sentences that scripts say, in the reader's language."""
    return _script_words(get_language() or "")


@register.simple_tag(takes_context=True)
def action_form(context: Mapping[str, object]) -> SafeString:
    """The one empty form that a page's small buttons belong to (<button form="act" formaction="…">).

    Signed-in pages only: it carries the CSRF token.
    """
    return format_html(
        '<form id="{}" method="post" hidden>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"></form>',
        people.ACTION_FORM,
        get_token(context["request"]),  # type: ignore[arg-type]
    )


class Said(template.Node):
    """Words that are the same wherever they stand, translated once per process and language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.said: dict[str, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language() or ""
        if language not in self.said:
            self.said[language] = self.node.render(context)
        return self.said[language]


def _is_fixed(expression: FilterExpression) -> bool:
    """Whether it is a literal without filters."""
    literal = isinstance(expression.var, str) or expression.var.lookups is None
    return literal and not expression.filters


@register.tag
def translate(parser: Parser, token: Token) -> template.Node:
    """Django's {% translate %}, which looks its words up each time, a tenth of what a page costs."""
    node = do_translate(parser, token)
    parts = [node.filter_expression, node.message_context]
    if node.asvar or not all(_is_fixed(part) for part in parts if part):
        return node
    return Said(node)


_TOGGLES = {"checkbox", "radio"}


@register.filter
def styled(field: BoundField) -> SafeString:
    """The widget of a form field with the look of the component library, its own attributes kept."""
    kind = getattr(field.field.widget, "input_type", "")
    attributes = {"class": f"{field.field.widget.attrs.get('class', '')} ds-input".strip()}
    if kind == "hidden":
        return field.as_hidden()
    return field.as_widget(attrs=attributes)
