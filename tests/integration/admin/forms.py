"""What a browser would post of a form it was shown."""

from html.parser import HTMLParser
from typing import Any


def posted_back(response: Any) -> dict[str, Any]:
    """Names and values of the page's largest form, buttons left out; lists where there are many."""
    reader = _Forms()
    reader.feed(response.content.decode())
    fields = max(reader.forms, key=len)
    found: dict[str, Any] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in found.items()
        if name != "csrfmiddlewaretoken"
    }


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.select = self.textarea = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.forms.append([])
            case "input":
                self._input(said)
            case "select":
                self.select = said.get("name", "")
            case "option" if "selected" in said and self.select:
                self._keep(self.select, said.get("value", ""))
            case "textarea":
                self.textarea, self.text = said.get("name", ""), ""

    def _input(self, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" not in said:
            return
        if said.get("name") and kind not in {"submit", "button", "search"}:
            self._keep(said["name"], said.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            self._keep(self.textarea, self.text)
            self.textarea = ""
        if tag == "select":
            self.select = ""

    def _keep(self, name: str, value: str) -> None:
        if self.forms:
            self.forms[-1].append((name, value))
