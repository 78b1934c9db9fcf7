"""What calls say of hooks, checked field by field (contract 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oms.api.akinon.errors import invalid_fields
from oms.api.akinon.hooks import countdown
from oms.api.akinon.hooks.reading import Hook
from oms.api.akinon.hooks.rendering import hook as shown_hook
from oms.api.akinon.hooks.subscribing import Subscription
from oms.api.akinon.hooks.words import WORDS, stored
from oms.events.formats import MASK, OptionsUnfit

_REQUIRED = ("event_type", "target_url")
_OBJECTS = ("additional_headers", "config", "retry_countdown_config")
_DEFAULTS: Mapping[str, Any] = {
    "secret_key": None,
    "additional_headers": {},
    "config": {},
    "retry_countdown_config": countdown.DEFAULT,
    "callback": None,
    "is_active": True,
}
_LONGEST_URL = 2048
_MOST_ID = 1 << 53


def of_new(said: Mapping[str, Any]) -> Subscription:
    """A new hook, with what it leaves out as usual. 400 by field."""
    if said.get("secret_key") == MASK:
        raise invalid_fields({"secret_key": "It is masked."})
    return _read({**_DEFAULTS, **_known(said)})


def of_change(said: Mapping[str, Any], hook: Hook, *, is_whole: bool) -> Subscription:
    """A hook with what is said of it; what is not said stays, or becomes the usual where all of it
    is told. 400 by field.
    """
    present = _DEFAULTS if is_whole else shown_hook(hook)
    return _read({**_known(present), **_known(said)})


@dataclass(frozen=True, slots=True)
class Publication:
    """Which hook is to be told of which object."""

    hook: int
    model: str
    number: int


def publication(said: Mapping[str, Any]) -> Publication:
    """`{"hook": 7, "instance": {"pk": 901, "model": "package"}}`. 400 by field."""
    hook, instance = said.get("hook"), said.get("instance")
    if not _is_id(hook):
        raise invalid_fields({"hook": "A valid integer is required."})
    if not isinstance(instance, Mapping) or not _is_id(instance.get("pk")):
        raise invalid_fields({"instance": "An object with `pk` and `model` is required."})
    model = instance.get("model", "package")
    return Publication(int(said["hook"]), str(model).lower(), int(instance["pk"]))


def event_uuid(said: Mapping[str, Any]) -> str:
    """`{"event": "<uuid>"}`. 400 by field."""
    text = said.get("event")
    if not isinstance(text, str) or not text:
        raise invalid_fields({"event": "This field is required."})
    return text


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_ID


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in (*_REQUIRED, *_DEFAULTS) if name in said}


def _read(said: Mapping[str, Any]) -> Subscription:
    problems = _problems(said)
    if problems:
        raise invalid_fields(problems)
    return Subscription(
        word=stored(said["event_type"]),
        url=said["target_url"].strip(),
        secret=said["secret_key"] or "",
        headers=said["additional_headers"] or {},
        config=said["config"] or {},
        countdown=dict(said["retry_countdown_config"] or countdown.DEFAULT),
        is_active=said["is_active"],
    )


def _problems(said: Mapping[str, Any]) -> dict[str, str]:
    problems = {name: _missing(said, name) for name in _REQUIRED}
    word = str(said.get("event_type"))
    if not problems["event_type"] and stored(word) not in WORDS:
        problems["event_type"] = f'"{word[:80]}" is not a valid choice.'
    if len(str(said.get("target_url"))) > _LONGEST_URL:
        problems["target_url"] = f"At most {_LONGEST_URL} characters."
    if not isinstance(said["secret_key"], str | None):
        problems |= {"secret_key": "Not a valid string."}
    for name in _OBJECTS:
        if said[name] is not None and not isinstance(said[name], Mapping):
            problems[name] = "Expected an object."
    problems |= _of_headers(said["additional_headers"]) | _of_countdown(said)
    if said["callback"]:
        problems["callback"] = "This server has no function of this name."
    if not isinstance(said["is_active"], bool):
        problems["is_active"] = "Must be a valid boolean."
    return {name: text for name, text in problems.items() if text}


def _missing(said: Mapping[str, Any], name: str) -> str:
    if said.get(name) is None or said[name] == "":
        return "This field is required."
    return "" if isinstance(said[name], str) else "Not a valid string."


def _of_headers(headers: Any) -> dict[str, str]:
    is_flat = not isinstance(headers, Mapping) or all(
        isinstance(text, str) for text in headers.values()
    )
    return {} if is_flat else {"additional_headers": "Names and values are texts."}


def _of_countdown(said: Mapping[str, Any]) -> dict[str, str]:
    config = said["retry_countdown_config"]
    if not isinstance(config, Mapping) or not config:
        return {}
    try:
        countdown.read(dict(config))
    except OptionsUnfit as refusal:
        return {"retry_countdown_config": str(refusal)}
    return {}
