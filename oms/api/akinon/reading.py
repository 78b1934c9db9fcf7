"""Members of a body by their kinds: what cannot be read is collected by field, all of it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from oms.api.akinon.errors import Refused, invalid_fields

MOST_WHOLE = 2**53 - 1

Value = TypeVar("Value")


class Fields:
    """Reads a body member by member. `refuse` raises what was wrong, if anything was."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self.problems: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._body

    def text(self, name: str, *, longest: int, is_required: bool = False) -> str:
        """A text; null is empty."""
        value = self._given(name, is_required=is_required)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._wrong(name, "Not a valid string.", "")
        if is_required and not value.strip():
            return self._wrong(name, "This field may not be blank.", "")
        if len(value) > longest:
            return self._wrong(
                name, f"Ensure this field has no more than {longest} characters.", ""
            )
        return value.strip()

    def whole(self, name: str, *, least: int | None = None) -> int | None:
        """A whole number; None for null and for what is none."""
        value = self._given(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST_WHOLE:
            return self._wrong(name, "A valid integer is required.", None)
        if least is not None and value < least:
            return self._wrong(
                name, f"Ensure this value is greater than or equal to {least}.", None
            )
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._given(name)
        return value if isinstance(value, bool) else self._wrong(name, "Must be a boolean.", False)

    def choice(self, name: str, choices: tuple[str, ...], *, default: str = "") -> str:
        """One of some words, in whatever letter case."""
        value = self._given(name)
        if value is None:
            return default
        word = value.lower() if isinstance(value, str) else ""
        if word not in choices:
            return self._wrong(name, f"Must be one of {', '.join(choices)}.", default)
        return word

    def listed(self, name: str, kind: type, *, most: int = 1_000) -> list[Any]:
        """A list of texts or of whole numbers; null is empty."""
        value = self._given(name)
        if value is None:
            return []
        is_list = isinstance(value, list) and len(value) <= most
        if not is_list or not all(_is(each, kind) for each in value):
            return self._wrong(name, f"Must be a list of {_PLURAL[kind]}.", [])
        return list(value)

    def mapping(self, name: str) -> dict[str, Any]:
        """An object; null is empty."""
        value = self._given(name)
        if value is None:
            return {}
        return value if isinstance(value, dict) else self._wrong(name, "Must be an object.", {})

    def given(self, name: str) -> Any:
        """A member as it came; None where it did not."""
        return self._body.get(name)

    def wrong(self, name: str, said: str) -> None:
        """Note what the caller found."""
        self.problems.setdefault(name, said)

    def refuse(self, *, code: str = "invalid") -> None:
        """400 with everything that was wrong."""
        if self.problems:
            raise self.refusal(code=code)

    def refusal(self, *, code: str = "invalid") -> Refused:
        """What `refuse` raises."""
        return invalid_fields(self.problems, code=code)

    def _given(self, name: str, *, is_required: bool = False) -> Any:
        if is_required and name not in self._body:
            self.wrong(name, "This field is required.")
        return self._body.get(name)

    def _wrong(self, name: str, said: str, instead: Value) -> Value:
        self.wrong(name, said)
        return instead


_PLURAL: Mapping[type, str] = {str: "strings", int: "integers", dict: "objects"}


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
