"""Receipt codes and the hash tree over published ballots."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.secrecy.receipts import ALPHABET, code_from, grouped, mark_of, normalise
from voting.secrecy.tree import (
    Root,
    leaf_data,
    leaf_hash,
    node_hash,
    proof,
    proves,
    root_of,
)

RANDOM = st.binary(min_size=17, max_size=17)
LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


@given(RANDOM)
def test_a_code_survives_being_copied_by_hand(random):
    code = code_from(random)
    assert len(code) == 26 and set(code) <= set(ALPHABET)
    assert normalise(grouped(code)) == code
    assert normalise(grouped(code).lower().replace("0", "o").replace("1", "l")) == code


@given(RANDOM, RANDOM)
def test_different_chance_makes_different_codes(one, other):
    bits = (1 << 130) - 1
    same = int.from_bytes(one) & bits == int.from_bytes(other) & bits
    assert (code_from(one) == code_from(other)) is same


@pytest.mark.parametrize("text", ["", "ABC", "U" * 26, "0" * 25, "0" * 27, "é" * 26, "\0" * 26])
def test_what_is_not_a_code_is_refused(text):
    with pytest.raises(ValueError, match="receipt"):
        normalise(text)


def test_too_little_chance_is_refused():
    with pytest.raises(ValueError, match="17"):
        code_from(b"x" * 16)


def test_a_mark_belongs_to_one_poll_and_is_what_the_record_of_decisions_says():
    code = "0" * 26
    assert mark_of(7, code) == hashlib.sha256(f"kenes receipt 1\n7\n{code}".encode()).hexdigest()
    assert mark_of(7, code) != mark_of(8, code)


def test_the_root_of_nothing_and_of_one_and_of_three_is_that_of_rfc_6962():
    """RFC 6962, 2.1: the empty tree is the hash of nothing; an odd leaf stands alone on the right."""
    one, two, three = (leaf_hash({"mark": str(n)}) for n in range(3))
    assert root_of([]) == hashlib.sha256(b"").digest()
    assert root_of([one]) == one
    assert root_of([one, two, three]) == node_hash(node_hash(one, two), three)


@given(LEAVES)
def test_a_root_that_grows_is_the_root_of_all(leaves):
    def by_definition(part):
        if len(part) == 1:
            return part[0]
        half = 1
        while half * 2 < len(part):
            half *= 2
        return node_hash(by_definition(part[:half]), by_definition(part[half:]))

    tree = Root()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.digest() == by_definition(leaves) == root_of(leaves)
    assert tree.size == len(leaves)


@given(LEAVES, st.data())
def test_every_leaf_has_a_way_to_the_root_and_no_other_has_it(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    way = proof(leaves, index)
    assert proves(leaves[index], way, root_of(leaves))
    assert not proves(hashlib.sha256(leaves[index]).digest(), way, root_of(leaves))
    assert len(way) <= len(leaves).bit_length()


def test_a_changed_answer_changes_the_leaf():
    def leaf(answers):
        return leaf_hash(leaf_data(mark="a", answers=answers, replaces=None, channel="web"))

    assert leaf({"q": {"option": "yes"}}) != leaf({"q": {"option": "no"}}) != leaf(None)
