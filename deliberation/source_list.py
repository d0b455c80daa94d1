"""Sources one under the other as safe HTML, built without a template for each."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from common.html import trusted
from common.ui import moments
from common.ui.tongues import lang_of
from deliberation.kinds import SourceCategory
from deliberation.models import Source


@lru_cache(maxsize=32)
def _words(language: str) -> dict[str, str]:
    """The categories, and what one can do, in the reader's language."""
    words = {value: escape(str(label)) for value, label in SourceCategory.choices}
    return words | {" withdraw": escape(gettext("Withdraw")), " hide": escape(gettext("Hide"))}


def sources_html(sources: Iterable[Source], user: Any) -> SafeString | str:
    """The sources with what `user` may do with each; "" when there is none. Makes no query."""
    language = get_language() or ""
    words = _words(language)
    reader = user.pk if user.is_authenticated else None
    moderates = reader is not None and user.is_moderator
    items = []
    for source in sources:
        links = ""
        if reader is not None and source.author_id == reader:
            address = f"/{language}/subjects/sources/{source.pk}/withdraw/"
            links += f' · <a href="{address}">{words[" withdraw"]}</a>'
        if moderates:
            address = f"/{language}/moderation/hide/source/{source.pk}/"
            links += f' · <a href="{address}">{words[" hide"]}</a>'
        items.append(_item(source, words[source.category], links))
    return trusted(f'<ul class="sources" id="list">{"".join(items)}</ul>') if items else ""


def _item(source: Source, category: str, links: str) -> str:
    lang = lang_of(source.language)
    note = f"<span{lang}>{escape(source.note)}</span> · " if source.note else ""
    return (
        f'<li id="s{source.pk}"><a href="{escape(source.url)}" rel="nofollow ugc noopener"{lang}>'
        f'{escape(source.title)}</a> <span class="tag">{category}</span><p class="hint">{note}'
        f"{escape(str(source.author))}, {moments.ago(source.created_at)}{links}</p></li>"
    )
