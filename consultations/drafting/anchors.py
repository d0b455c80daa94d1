"""What of a text goes on in its next version: parts that continue, amendments that still fit.

The thresholds are for Dice's coefficient on pairs of neighbouring words. Among the 696 articles of
the Digital Republic consultation of 2015, one pair of different articles in a thousand reaches
0.15 and one in ten thousand 0.44; of its 42 published rewordings of a law, 37 reach 0.5.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diff_match_patch import diff_match_patch

from consultations.drafting.diff import word_diff
from consultations.drafting.model import LEAVES, Node

ALIKE = 0.5  # from here on a part continues another by its words alone
RELATED = 0.2  # from here on it does if number or heading is the same; otherwise a person decides
NEAR = 150  # in long texts, parts are compared with so many before and after their place
_SHORTEST_BODY = 40  # characters that are no coincidence
_WORD = re.compile(r"\w+")
_OPS = {"delete": -1, "equal": 0, "insert": 1}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two parts, by their places, that may be one. Both also count as removed and added."""

    old: int
    new: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Matching:
    """Which parts continue which. All numbers are places in the two sequences, in order."""

    pairs: tuple[tuple[int, int], ...]
    added: tuple[int, ...]
    removed: tuple[int, ...]
    uncertain: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Rebased:
    """An amendment on a new text. `text` is None when it no longer fits; `clean` when nobody need look."""

    text: str | None
    clean: bool


def match_articles(old: Sequence[Node], new: Sequence[Node]) -> Matching:
    """Find for each part of a new version the part of the old one that it continues.

    Parts of different kinds never match. In this order, and only where it is unambiguous: number
    and heading are the same; the body is; the heading is; the words are alike (see above); for
    titles, chapters and sections, the number is. Children of the nodes are not looked at: give
    all parts, in reading order.
    """
    pairs: dict[int, int] = {}
    for key in (_designation, _body, _heading):
        pairs |= _same(old, new, pairs, key)
    likely, doubts = _alike(old, new, pairs)
    pairs |= likely
    pairs |= _same(old, new, pairs, _container)
    taken = set(pairs.values())
    return Matching(
        pairs=tuple(sorted(pairs.items())),
        added=tuple(place for place in range(len(new)) if place not in taken),
        removed=tuple(place for place in range(len(old)) if place not in pairs),
        uncertain=tuple(d for d in doubts if d.old not in pairs and d.new not in taken),
    )


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1: Dice's coefficient on pairs of words."""
    return _dice(_word_pairs(one), _word_pairs(other))


def rebase(original: str, proposed: str, new_text: str) -> Rebased:
    """Carry an amendment (`original` to `proposed`) over to the next version of the same text.

    Clean when the amendment and the new version change different places. Where they meet, the
    amendment is fitted as well as its surroundings allow, and a person must look.
    """
    if new_text in (original, proposed):
        return Rebased(proposed, True)
    if not new_text.strip():
        return Rebased(None, False)
    merged = _merged(original, _edits(original, proposed), _edits(original, new_text))
    if merged is not None:
        return Rebased(merged, True)
    return Rebased(_fitted(original, proposed, new_text), False)


# --- parts ------------------------------------------------------------------------------------


def _designation(node: Node) -> Hashable:
    return (node.kind, node.number, _folded(node.heading)) if node.heading else None


def _body(node: Node) -> Hashable:
    body = _folded(node.body)
    return (node.kind, body) if len(body) >= _SHORTEST_BODY else None


def _heading(node: Node) -> Hashable:
    if node.kind == "preamble":
        return node.kind
    return (node.kind, _folded(node.heading)) if node.heading else None


def _container(node: Node) -> Hashable:
    return (node.kind, node.number) if node.number and node.kind not in LEAVES else None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _same(
    old: Sequence[Node], new: Sequence[Node], pairs: dict[int, int], key: Callable[[Node], Hashable]
) -> dict[int, int]:
    """Pair the free parts that are the only ones of their key on either side."""
    before = _by_key(old, set(pairs), key)
    after = _by_key(new, set(pairs.values()), key)
    return {
        places[0]: after[value][0]
        for value, places in before.items()
        if len(places) == 1 and len(after.get(value, ())) == 1
    }


def _by_key(
    nodes: Sequence[Node], taken: set[int], key: Callable[[Node], Hashable]
) -> dict[Hashable, list[int]]:
    places = defaultdict(list)
    for place, node in enumerate(nodes):
        value = None if place in taken else key(node)
        if value is not None:
            places[value].append(place)
    return places


def _alike(
    old: Sequence[Node], new: Sequence[Node], pairs: dict[int, int]
) -> tuple[dict[int, int], list[Doubt]]:
    """Pair the free parts that are most alike, best first; return also those not alike enough."""
    found: dict[int, int] = {}
    doubts = []
    taken: set[int] = set()
    for share, was, place in sorted(_shares(old, new, pairs), reverse=True):
        if was in found or place in taken:
            continue
        if share >= ALIKE or _is_same_place(old[was], new[place]):
            found[was] = place
            taken.add(place)
        else:
            doubts.append(Doubt(was, place, round(share, 3)))
    return found, sorted(doubts, key=lambda doubt: (doubt.old, doubt.new))


def _shares(
    old: Sequence[Node], new: Sequence[Node], pairs: dict[int, int]
) -> Iterator[tuple[float, int, int]]:
    """Yield similarity and places of the free parts of one kind that are related at all."""
    taken = set(pairs.values())
    free = [(place, _node_pairs(node)) for place, node in enumerate(new) if place not in taken]
    for was, node in enumerate(old):
        if was in pairs:
            continue
        words = _node_pairs(node)
        for place, others in free:
            if new[place].kind == node.kind and abs(place - was) <= NEAR:
                share = _dice(words, others)
                if share >= RELATED:
                    yield share, was, place


def _is_same_place(old: Node, new: Node) -> bool:
    is_same_number = bool(old.number) and old.number == new.number
    return is_same_number or (bool(old.heading) and _folded(old.heading) == _folded(new.heading))


def _node_pairs(node: Node) -> frozenset[Hashable]:
    return _word_pairs(f"{node.heading}\n{node.body}")


def _word_pairs(text: str) -> frozenset[Hashable]:
    words = _WORD.findall(text.casefold())
    return frozenset(pairwise(words)) or frozenset(words)


def _dice(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


# --- amendments -------------------------------------------------------------------------------


def _edits(original: str, changed: str) -> list[tuple[int, int, str]]:
    """Return what changed as (start, end, replacement) in places of the original, in order."""
    edits: list[tuple[int, int, str]] = []
    place = 0
    is_open = False
    for piece in word_diff(original, changed):
        if piece.op == "equal":
            place, is_open = place + len(piece.text), False
            continue
        start, end, text = edits.pop() if is_open else (place, place, "")
        if piece.op == "delete":
            place = end = end + len(piece.text)
        else:
            text += piece.text
        edits.append((start, end, text))
        is_open = True
    return edits


def _merged(
    original: str, ours: list[tuple[int, int, str]], theirs: list[tuple[int, int, str]]
) -> str | None:
    """Return the text with both sides' edits, or None when two that differ meet."""
    text = []
    place = 0
    last_end = -1
    for start, end, replacement in sorted({*ours, *theirs}):
        if start <= last_end:
            return None
        text += [original[place:start], replacement]
        place = last_end = end
    return "".join([*text, original[place:]])


def _fitted(original: str, proposed: str, new_text: str) -> str | None:
    """Return the new text with the amendment where its surroundings are found, None if they are not."""
    patcher = diff_match_patch()
    patcher.Diff_Timeout = 0.1
    pieces = [(_OPS[piece.op], piece.text) for piece in word_diff(original, proposed)]
    text, were_applied = patcher.patch_apply(patcher.patch_make(original, pieces), new_text)
    return text if all(were_applied) else None
