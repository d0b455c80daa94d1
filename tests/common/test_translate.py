"""{% translate %} keeps what it said, by language; nothing else of it changes."""

import pytest
from django.template import Context, Template, engines
from django.utils.translation import override


def render(source: str, **values: object) -> str:
    template: Template = engines["django"].from_string(source).template
    return template.render(Context(values))


def test_the_same_template_speaks_each_language_in_turn():
    template = engines["django"].from_string("{% translate 'Sunday' %}").template
    said = []
    for language in ("en", "fr", "en", "ru", "fr"):
        with override(language):
            said.append(template.render(Context()))
    assert said == ["Sunday", "dimanche", "Sunday", "Воскресенье", "dimanche"]


def test_a_percent_sign_is_one():
    with override("fr"):
        assert render("{% translate 'all of 100%' %}") == "all of 100%"


def test_a_variable_is_looked_up_each_time():
    template = engines["django"].from_string("{% translate word %}").template
    with override("fr"):
        said = [template.render(Context({"word": word})) for word in ("Sunday", "Monday")]
    assert said == ["dimanche", "lundi"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% translate 'Sunday'|upper %}", "DIMANCHE"),
        ("{% translate 'Sunday' as day %}-{{ day }}", "-dimanche"),
        ("{% translate 'May' context 'abbrev. month' %}", "mai"),
        ("{% translate 'Sunday' noop %}", "Sunday"),
        ("{% translate '<b> & more' %}", "<b> & more"),
    ],
)
def test_all_else_is_as_django_does_it(source: str, said: str):
    with override("fr"):
        assert render(source) == said
        assert render(source) == said
