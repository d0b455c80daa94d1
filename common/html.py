"""Text that people typed, as safe HTML and as plain text.

This is the only module that marks a string as safe. Everything else calls `render_markdown` or,
for HTML that was safe when it was stored or was built by `consultations.drafting.diff`, `trusted`.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import escape, unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

SafeHTML = SafeString

ALLOWED_TAGS = set("p br hr h2 h3 h4 h5 h6 strong em code pre blockquote ul ol li a".split())  # noqa: SIM905
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
ALLOWED_SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener"

# UAX #15, stream-safe text: at most 30 marks follow a letter. Without a bound, normalising takes
# quadratic time.
_MARK_LIMIT = 30
_HIGHEST_MARK = 0x1F000


def _mark_ranges() -> Iterator[str]:
    """Yield the characters with a combining class, as ranges of a regular expression."""
    start = None
    for code in range(0x300, _HIGHEST_MARK):
        is_mark = unicodedata.combining(chr(code)) != 0
        if is_mark and start is None:
            start = code
        elif not is_mark and start is not None:
            yield f"{chr(start)}-{chr(code - 1)}"
            start = None


_MARKS = "".join(_mark_ranges())
_MARK_RUN = re.compile(f"([{_MARKS}]{{{_MARK_LIMIT}}})[{_MARKS}]+")
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|pre|blockquote|div|td|th|tr)>|<[bh]r ?/?>")
_ADDRESS = re.compile(r"https?://[^\s<>\"«»“”]{1,2000}")
_AFTER_ADDRESS = ".,;:!?'’*_"
_DEEPEST = 20


def clean_text(text: str) -> str:
    """Return `text` as it is stored: NFC, line ends as newlines, nothing a database refuses.

    Removed are controls (NUL, but neither tab nor newline), byte order marks, lone surrogates and
    the marks after the thirtieth on one letter. Idempotent; time is linear in the length.
    """
    text = _UNWANTED.sub("", _LINE_END.sub("\n", text))
    if text.isascii():
        return text
    text = _MARK_RUN.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


def trusted(html: str) -> SafeHTML:
    """Mark HTML that is safe already: made by `render_markdown` or of escaped pieces. No input."""
    return mark_safe(html)  # noqa: S308


def render_markdown(text: str, *, top_heading: int = 3) -> SafeHTML:
    """Return CommonMark `text` as safe HTML; "#" is a heading of level `top_heading` and so on.

    A line break stays one, an address becomes a link, HTML and pictures are shown as they were
    typed, and neither indentation nor a reference definition makes text disappear or change its
    look: people type laws and letters, not programs. The caller caps the length; the time is linear in it.
    """
    environment = {"top_heading": top_heading}
    tokens = _MARKDOWN.parse(text, environment)
    if max((token.level for token in tokens), default=0) >= _DEEPEST - 1:
        return _as_typed(text)
    return trusted(
        _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, environment))
    )


def _as_typed(text: str) -> SafeHTML:
    """Return `text` escaped, for lists nested so deeply that the parser would leave text out."""
    return trusted(f"<p>{escape(text).replace(chr(10), '<br>' + chr(10))}</p>")


def plain_text(text: str, limit: int = 0) -> str:
    """Return CommonMark `text` on one line without marks, cut to `limit` characters (0: all)."""
    if limit:
        head = text[: limit * 8 + 1000]
        return html_to_text(render_markdown(head), limit, more=len(head) < len(text))
    return html_to_text(render_markdown(text))


def html_to_text(html: str, limit: int = 0, *, more: bool = False) -> str:
    """Return the text of safe `html` on one line, cut to `limit`; `more`: something follows it."""
    spaced = _BLOCK_END.sub(lambda tag: tag[0] + " ", html)
    line = _SPACE.sub(" ", unescape(_STRIPPER.clean(spaced))).strip()
    if limit and (len(line) > limit or more):
        return shorten(line, limit, more=more)
    return line


def shorten(line: str, limit: int, *, more: bool = False) -> str:
    """Cut `line` at a word's end to `limit` characters, with "…" where something was left out."""
    if len(line) <= limit and not more:
        return line
    head = line[: limit - 1]
    if len(line) > limit - 1 and not line[limit - 1].isspace():
        head = head[: head.rfind(" ")] if " " in head else head
    return head.rstrip(" ,;:–-") + "…"


def _shape(state: StateCore) -> None:
    """Demote headings and turn bare addresses into links, in one pass over the tokens."""
    top = state.env.get("top_heading", 3)
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + top - 1)}"
        elif token.type == "inline" and "://" in token.content and token.children:
            token.children = list(_with_links(token.children))


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    """Yield the inline `tokens` with each address that is not yet in a link as a link."""
    depth = 0
    for token in tokens:
        depth += (token.type == "link_open") - (token.type == "link_close")
        if depth or token.type != "text" or "://" not in token.content:
            yield token
        else:
            yield from _split_addresses(token.content)


def _split_addresses(content: str) -> Iterator[Token]:
    """Yield `content` as text and links; a sentence's last stop or bracket is not the address's."""
    done = 0
    for found in _ADDRESS.finditer(content):
        address = found[0].rstrip(_AFTER_ADDRESS)
        while address.endswith((")", "]")) and not _is_paired(address):
            address = address[:-1].rstrip(_AFTER_ADDRESS)
        yield _text(content[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": _MARKDOWN.normalizeLink(address)})
        yield _text(address)
        yield Token("link_close", "a", -1)
        done = found.start() + len(address)
    yield _text(content[done:])


def _is_paired(address: str) -> bool:
    opening, closing = ("(", ")") if address[-1] == ")" else ("[", "]")
    return address.count(opening) >= address.count(closing)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _DEEPEST})
    markdown.disable(["image", "html_block", "html_inline", "code", "reference"])
    markdown.core.ruler.push("kenes_shape", _shape)
    return markdown


_MARKDOWN = _markdown()
_CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    url_schemes=ALLOWED_SCHEMES,
    link_rel=LINK_REL,
)
_STRIPPER = nh3.Cleaner(tags=set(), attributes={}, link_rel=None)
