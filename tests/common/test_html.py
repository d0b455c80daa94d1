"""Text of people as safe HTML and as plain text."""

import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.html import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_SCHEMES,
    ALLOWED_TAGS,
    SafeHTML,
    clean_text,
    html_to_text,
    plain_text,
    render_markdown,
    shorten,
    trusted,
)

NAUGHTY = [
    "<svg/onload=alert(1)>",
    "<a href='javas\tcript:alert(1)'>x</a>",
    "[x](jav&#x09;ascript:alert(1))",
    "<javascript:alert(1)>",
    '[x](https://example.org" onmouseover="alert(1))',
    '[x](<https://example.org" onclick=alert(1)>)',
    "[x](https://example.org 'a\" onclick=alert(1)')",
    'https://example.org"onmouseover=alert(1)//',
    "https://example.org/\u202e\u2066gpj.exe",
    "<style>@import'x'</style><math><mi//xlink:href='data:x,<script>'>",
    "<!--><script>alert(1)//-->",
    "]]>%%<![CDATA[<x>",
    "\x00\x01\x1b[31m\x7f\x85\ufeff\ufffe",
    "\ud83d \udc4d",
    "T\u0315\u0316\u0320o\u0301\u0301\u0301" * 50,
    "`<b>` ``<i>``\n~~~html\n<script>\n~~~",
    "[a]: javascript:alert(1)\n[a]",
    "&#60;script&#62; &lt;script&gt; &#0; &#xD800;",
    "田中さん ثم نفس 👩\u200d👩\u200d👧 ﷽ ﾟ･✿ヾ",
]
HOSTILE = [
    "*",
    "*a ",
    "> ",
    "[",
    "[]()",
    "![",
    "`a",
    "<",
    "&#",
    "- a\n",
    "# a\n",
    "a\n===\n",
    "(http://x)",
    ").",
]
MARKUP = st.text(alphabet="*_[]()`>-+#!\\<&;:= \n\t\"'1.ahtps/цж́", max_size=200)


class Auditor(HTMLParser):
    """Fails on whatever a page must not contain; collects the text and the tags in order."""

    def __init__(self, html: str):
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS
        self.tags.append(tag)
        for name, value in attrs:
            assert name == "rel" or name in ALLOWED_ATTRIBUTES[tag]
            if name == "href":
                assert urlsplit(value or "").scheme in ALLOWED_SCHEMES | {""}

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_citizens_heading_is_never_the_pages_own():
    html = render_markdown("# One\n\nTwo\n===\n\n## Three\n\n###### Six")
    assert html == "<h3>One</h3>\n<h3>Two</h3>\n<h4>Three</h4>\n<h6>Six</h6>\n"
    assert Auditor(render_markdown("# One", top_heading=2)).tags == ["h2"]


def test_the_result_is_marked_as_safe():
    assert isinstance(render_markdown("a"), SafeHTML)
    assert isinstance(trusted("<p>a</p>"), SafeHTML)


def test_html_is_shown_as_it_was_typed():
    html = render_markdown(
        "<script>alert(1)</script> <b onclick=x>bold</b>\n\n<div>\nblock\n</div>"
    )
    assert "".join(Auditor(html).words).startswith(
        "<script>alert(1)</script> <b onclick=x>bold</b>"
    )
    assert Auditor(html).tags == ["p", "p", "br", "br"]


def test_links_say_that_the_site_does_not_vouch_for_them():
    html = render_markdown('[site](https://example.org "name") and [mail](mailto:a@example.org)')
    assert html.count('rel="nofollow ugc noopener"') == 2
    assert 'title="name"' in html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:x", "file:///x"],
)
def test_only_web_and_mail_addresses_become_links(address):
    assert "href" not in render_markdown(f"[x]({address}) <{address}>")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org/a.", "https://example.org/a"),
        ("(see https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("« https://example.org/é »", "https://example.org/%C3%A9"),
        ("*https://example.org*", "https://example.org"),
        ("https://example.org/?a=1&b=2, or", "https://example.org/?a=1&amp;b=2"),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_sentence_around_it(text, address):
    assert f'href="{address}"' in render_markdown(text)
    assert render_markdown(text).count("<a ") == 1


def test_an_address_inside_a_link_or_code_is_left_alone():
    assert render_markdown("[https://example.org](https://example.org)").count("<a ") == 1
    assert "<a " not in render_markdown("`https://example.org`")


def test_what_looks_like_a_definition_or_a_program_stays_text():
    html = render_markdown(
        "    indented clause\n\n[1]: https://example.org\n\n![drawing](https://example.org/x.png)"
    )
    assert "<pre>" not in html
    assert "[1]: " in html
    assert "<img" not in html


def test_line_breaks_and_the_first_number_of_a_list_stay():
    assert render_markdown("1° one\n2° two") == "<p>1° one<br>\n2° two</p>\n"
    assert '<ol start="5">' in render_markdown("5. five\n6. six")


@pytest.mark.parametrize("nest", ["> " * 40, "- " * 40, "1. " * 30, ">" * 5000])
def test_text_in_deep_nesting_is_not_lost(nest):
    assert "the words" in html_to_text(render_markdown(nest + "the words"))


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_give_only_what_is_allowed(text):
    Auditor(render_markdown(clean_text(text)))
    clean_text(text).encode()


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_gives_only_what_is_allowed(unit):
    Auditor(render_markdown((unit * 50_000)[:50_000]))


@given(MARKUP)
def test_any_markup_gives_only_what_is_allowed(text):
    Auditor(render_markdown(text))


@given(
    st.text(alphabet=st.characters(categories=["L", "Nd"]), min_size=1),
    st.text(alphabet=">-*_#`[]() \n", max_size=80),
)
def test_no_word_is_lost(word, marks):
    word = clean_text(word)
    assert word in plain_text(f"{marks} {word}")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\x00" not in cleaned
    assert "\r" not in cleaned
    cleaned.encode()


def test_cleaning_keeps_tabs_and_makes_all_line_ends_one():
    assert clean_text("a\r\nb\rc\u2028d\x85e\tf\x0bg\x00\x07\ufeff") == "a\nb\nc\nd\ne\tf\ng"
    assert clean_text("e\u0301") == "é"
    assert clean_text("\ud800x") == "x"
    assert clean_text("👩\u200d🚀") == "👩\u200d🚀"


def test_a_tower_of_marks_is_cut_before_it_costs_quadratic_time():
    assert len(clean_text("a" + "\u0301\u0316" * 100_000)) <= 31


def test_plain_text_has_words_and_no_marks():
    assert plain_text(
        "# Title\n\n*One* [two](https://example.org) & <three>\n\n- four\n- five"
    ) == ("Title One two & <three> four five")


def test_plain_text_is_cut_at_the_end_of_a_word():
    assert plain_text("The quick, brown fox", 12) == "The quick…"
    assert plain_text("The quick", 9) == "The quick"
    assert plain_text("word " * 10_000, 20) == "word word word word…"
    assert shorten("incomprehensibilities", 8) == "incompr…"


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_plain_text_keeps_to_its_limit(text, limit):
    assert len(plain_text(text, limit)) <= limit
