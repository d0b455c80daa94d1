"""The components of the interface: what they say, that they escape, that none needs colour or script."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common import context, gallery, texts
from common.ui import bars, moments, people, timeline
from common.ui.contents import Entry, contents_tree

ROOT = Path(settings.ROOT)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))
DRAWN_IN_BASE = {"head_links.html", "site_nav.html", "site_foot.html", "messages.html", "mark.html"}
counts = st.integers(min_value=0, max_value=10**7)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def request_for(path: str = "/en/gallery/"):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


@pytest.fixture
def page() -> str:
    return gallery.gallery(request_for()).content.decode()


# --- The gallery stands for every page


def test_the_gallery_shows_every_component():
    shown = (ROOT / "templates/gallery.html").read_text()
    missing = [f.name for f in COMPONENTS if f"components/{f.name}" not in shown]
    assert set(missing) == DRAWN_IN_BASE


def test_every_component_says_what_it_needs_before_anything_else():
    for file in COMPONENTS:
        text = file.read_text().removeprefix("{% load django_htmx %}")
        assert text.startswith("{% comment %}"), file.name


def test_no_page_carries_a_style_or_a_script_of_its_own(page):
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son[a-z]+=|hx-on", page)


def test_an_anonymous_page_sets_no_cookie_and_holds_no_token():
    answer = gallery.gallery(request_for())
    template = engines["django"].from_string('{% extends "base.html" %}')
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in template.render({}, request_for())


def test_every_id_on_a_page_is_there_once(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


# --- How people stand


@given(counts, counts, counts)
def test_the_segments_of_a_bar_fill_it_and_no_more(agree, mixed, disagree):
    drawn = str(bars.position_bar_mini(agree, mixed, disagree))
    widths = [
        float(w) for w in re.findall(r'class="bar-[a-z]+" x="[\d.]+%" width="([\d.]+)%"', drawn)
    ]
    assert len(widths) == sum(1 for number in (agree, mixed, disagree) if number)
    assert not widths or sum(widths) == pytest.approx(100, abs=0.02)


def test_a_bar_is_read_without_colour():
    drawn = str(bars.position_bar(71940, 5947, 10735))
    assert 'aria-label="Of 88,622 people, 71,940 agree, 5,947 are mixed, 10,735 disagree."' in drawn
    assert "url(#pattern-mixed)" in drawn and "url(#pattern-disagree)" in drawn
    assert (
        drawn.index("71,940</b> agree")
        < drawn.index("5,947</b> mixed")
        < drawn.index("10,735</b> disagree")
    )
    assert '<th scope="row">Agree</th><td class="num">71,940</td><td class="num">81 %</td>' in drawn


def test_a_bar_without_people_says_so_and_draws_nothing():
    assert (
        str(bars.position_bar(0, 0, 0))
        == '<p class="pbar pbar--empty">Nobody has taken a position yet.</p>'
    )


# --- What people say is escaped wherever it stands

HOSTILE = "<script>x=\"&'</script>"


def test_a_comment_escapes_all_but_its_stored_html():
    links = people.CommentLinks(support=HOSTILE, reply=HOSTILE)
    drawn = people.comment(
        key=1,
        author=HOSTILE,
        created_at=NOW,
        body_html="<p>kept</p>",
        stance_value=HOSTILE,
        links=links,
        language=HOSTILE,
    )
    assert "<script>" not in drawn
    assert 'x="' not in drawn
    assert "<p>kept</p>" in drawn


def test_names_in_tree_timeline_promise_and_tombstone_are_escaped():
    drawn = "".join(
        [
            contents_tree(
                [Entry(HOSTILE, HOSTILE, HOSTILE, note=HOSTILE, contributions=1)], HOSTILE
            ),
            timeline.timeline([timeline.Step(HOSTILE, None, None, HOSTILE)], NOW),
            people.promise("answered", moved=HOSTILE, href=HOSTILE),
            people.tombstone(key=1, reason=HOSTILE),
            people.decision_word(HOSTILE),
        ]
    )
    assert "<script>" not in drawn


def test_support_buttons_belong_to_the_one_form_of_the_page():
    drawn = people.comment(
        key=7, author="A", created_at=NOW, body_html="", links=people.CommentLinks(support="/s/")
    )
    assert 'form="act" formaction="/s/" aria-pressed="false"' in drawn
    assert "<form" not in drawn


def test_a_tombstone_keeps_replies_and_names_the_rule():
    drawn = people.tombstone(key=2, reason="insults", replies_html="<p>reply</p>")
    assert "Hidden by a moderator: insults" in drawn
    assert '<div class="comment__replies"><p>reply</p></div>' in drawn
    assert "Withdrawn by its author." in people.tombstone(key=2)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"state": ""}, ""),
        ({"state": "owed", "due_at": NOW}, "answer"),
        ({"state": "answered", "decision_value": "refused"}, "Answered: Refused"),
        ({"state": "answered", "moved": "Article 9"}, "Moved Article 9"),
    ],
)
def test_the_promise_line_says_what_became_of_it(facts, said):
    assert said in people.promise(**facts)


# --- Moments


@pytest.mark.parametrize(
    ("distance", "verb", "said"),
    [
        (timedelta(days=2, hours=20), "closes", "closes in 3 days, Friday 27 November, 05:00"),
        (timedelta(hours=5), "closes", "closes in 5 hours, Tuesday 24 November, 14:00"),
        (timedelta(seconds=20), "opens", "opens in a moment, Tuesday 24 November, 09:00"),
        (-timedelta(days=1), "due", "was due 1 day ago, Monday 23 November, 09:00"),
        (timedelta(days=90), "closes", "closes on 22 February 2027"),
        (-timedelta(days=400), "published", "published on 20 October 2025"),
        (timedelta(days=3), "", "in 3 days, Friday 27 November, 09:00"),
    ],
)
def test_a_moment_is_said_in_words(distance, verb, said, time_machine_at_now):
    drawn = moments.when(NOW + distance, verb)
    assert re.sub("<[^>]+>", "", drawn) == said
    assert f'datetime="{moments.stamp(NOW + distance)}"' in drawn


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "18 October 2015"), ("fr", "18 octobre 2015"), ("ru", "18 октября 2015")],
)
def test_a_day_is_written_as_its_language_writes_it(language, said):
    with translation.override(language):
        assert moments.day(datetime(2015, 10, 18, 9, tzinfo=UTC)) == said


def test_no_moment_says_nothing():
    assert moments.when(None, "closes") == ""


@pytest.fixture
def time_machine_at_now(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_a_timeline_says_where_we_are():
    day = timedelta(days=1)
    steps = [
        timeline.Step("Before", NOW - 3 * day, NOW - day),
        timeline.Step("Now", NOW - day, NOW + day),
        timeline.Step("After", NOW + day, None),
    ]
    drawn = timeline.timeline(steps, NOW)
    assert [timeline.state(step, NOW) for step in steps] == ["done", "now", "next"]
    assert drawn.count("We are here") == drawn.count("aria-current=step") == 1
    assert 'width="50.0%"' in drawn


# --- Texts in several languages, and the language switch


@pytest.mark.parametrize(
    ("value", "language", "found"),
    [
        ({"en": "a", "fr": "b"}, "fr", ("b", "fr")),
        ({"en": "a", "fr": "b"}, "fr-ca", ("b", "fr")),
        ({"en": "a", "kk": "c"}, "fr", ("a", "en")),
        ({"fr": "", "kk": "c"}, "fr", ("c", "kk")),
        ({"xx": "d"}, "fr", ("d", "xx")),
        ({}, "fr", ("", "")),
        (None, "fr", ("", "")),
        ("plain", "fr", ("plain", "fr")),
    ],
)
def test_a_text_falls_back_in_the_documented_order(value, language, found):
    assert texts.localized(value, language) == texts.Localized(*found)


def test_the_language_switch_leads_to_the_same_page():
    assert [entry.href for entry in context.languages("/en/a/b/", "q=1&x=2")][
        1
    ] == "/fr/a/b/?q=1&x=2"
    assert context.languages("/admin/", "q=1")[0].href == "/en/"
    assert context.languages("/", "")[0].href == "/en/"


def test_a_hostile_address_is_escaped_in_the_language_switch():
    template = engines["django"].from_string('{% extends "base.html" %}')
    drawn = template.render({}, request_for('/en/"><script>alert(1)</script>/?"><script>'))
    assert "<script>alert" not in drawn
    assert '"><script>' not in drawn


# --- Forms


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="Your name.", max_length=5)
    text = forms.CharField(label="Text", widget=forms.Textarea, max_length=300, required=False)


def test_a_field_ties_label_hint_and_error_to_its_input():
    drawn = str(Sample({"name": "too long a name", "text": "kept"})["name"].as_field_group())
    assert '<label class="ds-label" for="id_name">Name</label>' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_helptext"' in drawn and 'id="id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn and 'value="too long a name"' in drawn


def test_an_optional_long_text_says_so_and_counts():
    drawn = str(Sample()["text"].as_field_group())
    assert "(optional)" in drawn
    assert 'data-counter="id_text" data-limit="300" hidden' in drawn


# --- What is shipped


def test_a_page_ships_at_most_60_kilobytes_of_styles_and_scripts():
    files = ["dist/kenes.css", "dist/kenes.js", "django_htmx/htmx-2.min.js"]
    found = [finders.find(name) or finders.find(name.replace("-2", "")) for name in files]
    sizes = [len(brotli.compress(Path(file).read_bytes())) for file in found]
    assert sum(sizes) <= 60_000, dict(zip(files, sizes, strict=True))


def test_every_file_that_the_styles_name_is_shipped():
    css = Path(finders.find("dist/kenes.css"))
    named = re.findall(r'url\("?(?!data:)([^")]+)"?\)', css.read_text())
    assert named
    assert [name for name in named if not (css.parent / name).is_file()] == []


def colours() -> dict[str, dict[str, str]]:
    """The colour roles of tokens.css: light, and dark on top of it."""
    light, dark = (ROOT / "static/css/tokens.css").read_text().split("@media", 1)
    roles = re.compile(r"--k-([\w-]+): (#[0-9a-f]{6});")
    first = dict(roles.findall(light))
    return {"light": first, "dark": first | dict(roles.findall(dark))}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground_and_marks_from_theirs(scheme):
    role = colours()[scheme]
    for word in (
        "ink",
        "ink-soft",
        "accent",
        "sun",
        "insert",
        "delete",
        "agree",
        "disagree",
        "mixed-ink",
    ):
        for ground in ("paper", "paper-deep", "sheet"):
            assert contrast(role[word], role[ground]) >= 4.5, (word, ground)
    pairs = [
        ("insert", "insert-soft"),
        ("delete", "delete-soft"),
        ("ink", "sun-soft"),
        ("on-accent", "accent"),
    ]
    for word, ground in pairs:
        assert contrast(role[word], role[ground]) >= 4.5, (word, ground)
    for mark in ("rule-strong", "agree", "disagree"):
        assert contrast(role[mark], role["paper"]) >= 3, mark
