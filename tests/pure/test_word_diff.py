"""What changed between two texts."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.drafting.diff import (
    Piece,
    diff_html,
    diff_side_by_side,
    spoken,
    word_diff,
)

TEXT = st.text(alphabet="ab.\n é<&", max_size=60) | st.text(max_size=30)


def unescaped(html: str) -> str:
    return html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without(tag: str, html: str) -> str:
    return unescaped(
        re.sub(r"</?(?:ins|del)>", "", re.sub(f"<{tag}>.*?</{tag}>", "", html, flags=re.S))
    )


def test_words_change_as_wholes():
    assert word_diff("the old law", "the new law") == (
        Piece("equal", "the "),
        Piece("delete", "old"),
        Piece("insert", "new"),
        Piece("equal", " law"),
    )


def test_equal_texts_are_one_piece_and_empty_ones_none():
    assert word_diff("same", "same") == (Piece("equal", "same"),)
    assert word_diff("", "") == ()
    assert word_diff("", "new") == (Piece("insert", "new"),)
    assert word_diff("old", "") == (Piece("delete", "old"),)


def test_a_reworded_sentence_is_no_confetti():
    pieces = word_diff("Fees are set by the council.", "Nobody shall ever pay for that at all.")
    assert len(pieces) <= 3


def test_a_new_paragraph_leaves_its_neighbours_alone():
    assert word_diff("One.\n\nTwo.", "One.\n\nOne and a half.\n\nTwo.") == (
        Piece("equal", "One.\n\n"),
        Piece("insert", "One and a half.\n\n"),
        Piece("equal", "Two."),
    )


def test_changed_paragraphs_are_compared_with_their_successors():
    before = (
        "The fee is ten euros a year.\n\nChildren pay nothing at all.\n\n"
        "The council decides on the rest."
    )
    after = (
        "The fee is nine euros a year.\n\nA wholly different matter stands here.\n\n"
        "Children pay nothing at first.\n\nThe council decides about the rest."
    )
    changed = [piece.text for piece in word_diff(before, after) if piece.op == "delete"]
    assert changed == ["ten", "all", "on"]


def test_a_paragraph_that_was_split_keeps_its_words():
    pieces = word_diff("One is here. Two is there.", "One is here.\n\nTwo is there.")
    assert [piece.text for piece in pieces if piece.op == "delete"] == [" "]


@given(TEXT, TEXT)
def test_both_texts_can_be_read_out_of_the_pieces(before, after):
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.op != "insert") == before
    assert "".join(piece.text for piece in pieces if piece.op != "delete") == after
    assert all(piece.text for piece in pieces)
    assert all(one.op != other.op for one, other in pairwise(pieces))


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_without_time_the_pieces_are_coarse_but_right(seconds):
    rng = random.Random(2015)
    before = " ".join(rng.choice("abcdefgh") for _ in range(5000))
    after = " ".join(rng.choice("abcdefgh") for _ in range(5000))
    pieces = word_diff(before, after, seconds)
    assert "".join(piece.text for piece in pieces if piece.op != "insert") == before
    assert "".join(piece.text for piece in pieces if piece.op != "delete") == after
    assert len(pieces) < 10


@pytest.mark.parametrize(
    ("before", "after"),
    [("a " * 31_000, "a b " * 15_500), ("ab" * 31_000, "ba" * 31_000), ("a\n" * 31_000, "b\n\n" * 20_000),
     ("a b\n" * 15_000, "a c\n" * 15_000), (".," * 31_000, ",." * 31_000), ("x" * 62_000, "y" * 62_000)],
)  # fmt: skip
def test_repetition_is_compared_exactly(before, after):
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.op != "insert") == before
    assert "".join(piece.text for piece in pieces if piece.op != "delete") == after


@given(TEXT, TEXT)
def test_inline_html_holds_both_texts_and_nothing_unescaped(before, after):
    html = diff_html(before, after)
    assert without("ins", html) == before
    assert without("del", html) == after
    assert re.sub(r"</?(?:ins|del)>", "", html).count("<") == 0


def test_changes_can_be_spoken_in_the_readers_language():
    html = diff_html("a", "b", inserted="ajouté :", deleted="supprimé :")
    assert html == (
        '<del><span class="visually-hidden">supprimé : </span>a</del>'
        '<ins><span class="visually-hidden">ajouté : </span>b</ins>'
    )
    assert spoken(diff_html("a", "b"), "ajouté :", "supprimé :") == html
    assert "&lt;i&gt;" in diff_html("a", "b", inserted="<i>")


def test_paragraphs_stand_side_by_side():
    rows = diff_side_by_side("One\n\nTwo\n\nGone\n\nFour", "One\n\nTwo and\n\nFour\n\nFive")
    assert rows == [
        ("One", "One", False),
        ("Two", "Two<ins> and</ins>", True),
        ("<del>Gone</del>", "", True),
        ("Four", "Four", False),
        ("", "<ins>Five</ins>", True),
    ]


def test_replaced_paragraphs_share_a_row_and_blank_lines_have_none():
    assert diff_side_by_side("A\n\nold\n\nB", "A\n\n\n\nnew\n\nB") == [
        ("A", "A", False),
        ("<del>old</del>", "<ins>new</ins>", True),
        ("B", "B", False),
    ]


@given(TEXT, TEXT)
def test_no_word_is_lost_side_by_side(before, after):
    rows = diff_side_by_side(before, after)
    for column, text in ((0, before), (1, after)):
        shown = "".join(unescaped(re.sub(r"</?(?:ins|del)>", "", row[column])) for row in rows)
        assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)
    assert all(row.changed == ("<ins>" in row.right or "<del>" in row.left) for row in rows)
