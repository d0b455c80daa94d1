"""The reader of pages notices what the policy would refuse, and finds forms as a browser would."""

import pytest

from tests.support.markup import forbidden, forms_of, links_of


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color:red'>a</p>",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        "<a href=' java\nscript:alert(1)'>a</a>",
        "<button hx-on:click='alert(1)'>a</button>",
        "<iframe></iframe>",
        "<svg><script>alert(1)</script></svg>",
    ],
)
def test_inline_code_is_noticed(html: str) -> None:
    assert forbidden(html)


def test_plain_pages_and_typed_code_are_let_through() -> None:
    html = """<script src="/static/a.js" defer></script><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>
    <input name="a" value="javascript:alert(1)"><textarea name="b">&lt;p style=""&gt;</textarea>"""
    assert forbidden(html) == []


def test_forms_are_read_with_their_fields_and_buttons_elsewhere() -> None:
    html = """<form id="act" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x"></form>
    <form method="post" action="add/"><textarea name="body">As it is.</textarea>
      <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
      <input type="radio" name="stance" value="for"><input type="radio" name="stance" value="against">
      <input name="title"><input type="file" name="file"><button name="look" value="1">Look</button></form>
    <button form="act" formaction="/vote/" name="value" value="agree">Agree</button>"""
    act, add, look, vote = sorted(
        forms_of(html, "/en/a/"), key=lambda form: (form.action, len(form.fields))
    )
    assert (act.action, act.names()) == ("/en/a/", set())
    assert add.fields == {"body": "As it is.", "kind": "b", "stance": "for", "title": ""}
    assert (add.lines, add.areas, add.files) == ({"title"}, {"body"}, {"file"})
    assert look.fields == {**add.fields, "look": "1"}
    assert (vote.action, vote.names()) == ("/vote/", {"value"})
    assert links_of("<a href='?page=2'>a</a><a href='http://x/'>b</a>", "/en/a/") == [
        "/en/a/?page=2"
    ]
