"""What is wrong, as a code with figures. The sentences stand outside (voting.sentences)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `code` is stable; `params` are words and numbers for its sentence."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
