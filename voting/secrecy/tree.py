"""The hash tree over published ballots, as RFC 6962 builds it (section 2.1): SHA-256, leaves
prefixed by 0x00, nodes by 0x01, split at the greatest power of two below the size."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voting.questionnaire.definition import canonical


def leaf_data(
    *,
    mark: str,
    answers: Mapping[str, Any] | None,
    replaces: str | None,
    channel: str,
    area: str | None = None,
) -> dict[str, Any]:
    """What is published of one ballot. `area` only where a threshold counts by area."""
    data: dict[str, Any] = {
        "answers": answers,
        "channel": channel,
        "mark": mark,
        "replaces": replaces,
    }
    if area is not None:
        data["area"] = area
    return data


def leaf_hash(data: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(b"\x00" + canonical(data)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Root:
    """A root that is computed leaf by leaf, in memory that grows with the logarithm of the size."""

    size: int = 0
    _peaks: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        height, node = 0, leaf
        while self._peaks and self._peaks[-1][0] == height:
            node = node_hash(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))
        self.size += 1

    def digest(self) -> bytes:
        """The root of what was added; of nothing, SHA-256 of the empty string."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        node = self._peaks[-1][1]
        for _height, left in reversed(self._peaks[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    tree = Root()
    for leaf in leaves:
        tree.add(leaf)
    return tree.digest()


def proof(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The way from a leaf up to the root: ("left" | "right", sibling), lowest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*proof(leaves[:half], index), ("right", root_of(leaves[half:]))]
    return [*proof(leaves[half:], index - half), ("left", root_of(leaves[:half]))]


def proves(leaf: bytes, way: Iterable[tuple[str, bytes]], root: bytes) -> bool:
    """Whether the way leads from the leaf to the root."""
    node = leaf
    for side, sibling in way:
        node = node_hash(sibling, node) if side == "left" else node_hash(node, sibling)
    return node == root
