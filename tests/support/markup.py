"""What a page holds, read as a browser would: its forms, and what a strict policy would refuse."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TOKEN = "csrfmiddlewaretoken"
_FIELDS = ("input", "select", "textarea", "button")
_CHOSEN = ("radio", "checkbox")
# What the htmx of an attribute could run; the site uses none of it.
_CODE = ("hx-on", "hx-vals", "hx-vars", "data-hx-on")
_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post", "data")
_RUNNING = ("javascript:", "vbscript:", "data:text")
_DATA = ("application/json", "application/ld+json", "text/template")


@dataclass
class Form:
    """A form, or one button that sends a form elsewhere. `action` is a path, perhaps with a query.

    `fields` are its names with what they hold before anyone types; `lines` are those that take a
    line of text, `areas` those that take several, `files` those that take a file.
    """

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def names(self) -> set[str]:
        """Its fields without the token that every form has."""
        return set(self.fields) - {TOKEN}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.loose: list[tuple[str, str, dict[str, str]]] = []  # (form's id, tag, attributes)
        self.buttons: list[tuple[Form, Form]] = []
        self.open: Form | None = None
        self.text: tuple[Form, str] | None = None
        self.selecting: tuple[Form, str] | None = None
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._judge(tag, given)
        if tag in ("a", "link", "area") and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self.open = Form(action, given.get("method", "get").upper())
            self.forms.append(self.open)
            if "id" in given:
                self.named[given["id"]] = self.open
        elif tag in _FIELDS:
            if "form" in given:
                self.loose.append((given["form"], tag, given))
            elif self.open is not None:
                self._field(self.open, tag, given)
        elif tag == "option" and self.selecting is not None:
            form, name = self.selecting
            if name not in form.fields or "selected" in given:
                form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            if self.selecting is not None:
                self.selecting[0].fields.setdefault(self.selecting[1], "")
            self.selecting = None
        elif tag == "script":
            self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            form, name = self.text
            form.fields[name] += data
        if self.in_script and data.strip():
            self.wrong.append(f"<script>{data.strip()[:60]}")

    def close(self) -> None:
        super().close()
        for owner, tag, given in self.loose:
            if owner in self.named:
                self._field(self.named[owner], tag, given)
        for form, button in self.buttons:
            button.fields = form.fields | button.fields
            button.lines, button.areas = form.lines, form.areas
            self.forms.append(button)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if tag == "button":
            self._button(form, given)
        elif not name:
            return
        elif tag == "select":
            self.selecting = (form, name)
        elif tag == "textarea":
            form.fields[name] = ""
            form.areas.add(name)
            self.text = (form, name)
        elif kind == "file":
            form.files.add(name)
        elif kind in _CHOSEN:
            if name not in form.fields or "checked" in given:
                form.fields[name] = given.get("value", "on")
        else:
            form.fields[name] = given.get("value", "")
            if kind not in ("hidden", "submit"):
                form.lines.add(name)

    def _button(self, form: Form, given: dict[str, str]) -> None:
        """A button with an address or a name of its own is a form of its own."""
        action = urljoin(self.address, given["formaction"]) if "formaction" in given else None
        name = given.get("name")
        if action is None and name is None:
            return
        method = given.get("formmethod", form.method).upper()
        fields = {name: given.get("value", "")} if name else {}
        self.buttons.append((form, Form(action or form.action, method, fields)))

    def _judge(self, tag: str, given: dict[str, str]) -> None:
        """Note what the policy forbids, whether or not this browser would have run it."""
        for name, value in given.items():
            if name.startswith("on") or name == "style" or name.startswith(_CODE):
                self.wrong.append(f"<{tag} {name}={value[:60]}>")
            plain = "".join(value.split()).lower()
            if name in _ADDRESSES and plain.startswith(_RUNNING):
                self.wrong.append(f"<{tag} {name}={value[:60]}>")
        if tag == "style" or tag in ("iframe", "object", "embed", "base"):
            self.wrong.append(f"<{tag}>")
        if tag == "script" and "src" not in given and given.get("type") not in _DATA:
            self.in_script = True


def forms_of(html: str, address: str) -> list[Form]:
    """The forms of the page at this path, and its buttons that send a form elsewhere."""
    here = urlsplit(address).netloc
    return [f for f in _read(html, address).forms if urlsplit(f.action).netloc == here]


def links_of(html: str, address: str) -> list[str]:
    """The paths of this site that the page at this path links to, with their queries."""
    parts = (urlsplit(link) for link in _read(html, address).links)
    return [
        f"{part.path}?{part.query}" if part.query else part.path
        for part in parts
        if not part.netloc and part.scheme in ("", "http", "https")
    ]


def forbidden(html: str) -> list[str]:
    """Inline scripts, styles, event handlers, javascript: addresses and frames on the page."""
    return _read(html, "/").wrong


def _read(html: str, address: str) -> _Reader:
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return reader
