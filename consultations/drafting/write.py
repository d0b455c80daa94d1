"""Write a draft as the Markdown that people edit and `parse_draft` reads back."""

from collections.abc import Iterator

from consultations.drafting.headings import write_explicit
from consultations.drafting.lines import escape_line
from consultations.drafting.model import Draft, Node
from consultations.drafting.parse import parse_draft


def to_markdown(draft: Draft) -> str:
    """Return text that parses to an equal draft.

    Headings read as a person would write them ("## Article 9 – Open access"). Only where such a
    heading would be read back as something else do all of them carry attributes
    ("## Access {.article number="9"}"). Expects a draft in the form of `parse_draft`: headings,
    numbers and labels on one line without blanks around, no blank lines around a body.
    """
    text = "\n\n".join(_pieces(draft, is_explicit=False))
    if parse_draft(text) == draft:
        return text
    return "\n\n".join(_pieces(draft, is_explicit=True))


def _pieces(draft: Draft, *, is_explicit: bool) -> Iterator[str]:
    depth = 1
    if draft.title:
        yield f"# {write_explicit('document', draft.title) if is_explicit else draft.title}"
        depth = 2
    for node in draft.nodes:
        yield from _node_pieces(node, depth, is_explicit)


def _node_pieces(node: Node, depth: int, is_explicit: bool) -> Iterator[str]:
    marks = "#" * depth
    text = _explicit(node) if is_explicit else _natural(node)
    if text:
        yield f"{marks} {text}"
    if node.body:
        yield _escaped(node.body)
    if node.explanation:
        yield f"{marks}# Explanation"
        yield _escaped(node.explanation)
    for child in node.children:
        yield from _node_pieces(child, depth + 1, is_explicit)


def _explicit(node: Node) -> str:
    return write_explicit(node.kind, node.heading, node.number, node.label)


def _natural(node: Node) -> str:
    is_outline = node.label.endswith(".") or node.label.replace(".", "").isdecimal()
    return (" " if is_outline else " – ").join(
        filter(None, (node.label or node.number, node.heading))
    )


def _escaped(text: str) -> str:
    return "\n".join(escape_line(line) for line in text.split("\n"))
