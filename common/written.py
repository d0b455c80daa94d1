"""What people write, cleaned and held within its limits before it is kept."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from common.html import clean_text, render_markdown
from common.verdicts import Refused, no


def text_within(
    text: str, *, limit: int = settings.BODY_LIMIT, empty: str = "", code: str = "empty"
) -> str:
    """Cleaned text. Raises Refused when it is longer than `limit` characters, or (with `code`) when it is
    empty and `empty` says why it may not be."""
    text = clean_text(text).strip()
    if not text and empty:
        raise Refused(no(code, empty, 400))
    if len(text) > limit:
        message = _("This is longer than %(limit)s characters. Shorten it by %(excess)s.")
        numbers = {"limit": limit, "excess": len(text) - limit}
        raise Refused(no("too_long", message % numbers, 400))
    return text


def prose_within(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Markdown by language, cleaned, without the empty ones; and the same as HTML. Raises Refused for
    what is too long."""
    cleaned = {code: text_within(text) for code, text in texts.items()}
    cleaned = {code: text for code, text in cleaned.items() if text}
    return cleaned, {code: str(render_markdown(text)) for code, text in cleaned.items()}
