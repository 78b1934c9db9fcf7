"""YAML into nodes that know their line. Nothing is guessed: `NO` is a text, `010` no number."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from oms.backoffice.world.places import Place, WorldRefused

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML without libyaml: slower, the same result
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # same interface

_NULL = "tag:yaml.org,2002:null"
_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14})\.\d{1,14}")
_DEEPEST = 32


def load(path: Path) -> tuple[Node | None, Place]:
    """The root node of a file; None when it is empty. Raises WorldRefused."""
    root = Place(str(path), 1, "")
    try:
        text = path.read_text("utf-8")
        return yaml.compose(text, Loader=Loader), root
    except OSError as exc:
        raise WorldRefused(str(path), exc.strerror or "cannot be read") from exc
    except UnicodeDecodeError as exc:
        raise WorldRefused(str(path), "is not UTF-8 text") from exc
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        at = Place(str(path), mark.line + 1 if mark else 1, "")
        raise WorldRefused(at, exc.problem or exc.context or "is not YAML") from exc
    except yaml.YAMLError as exc:
        raise WorldRefused(root, "is not YAML: a character that may not stand in it") from exc


def members(node: Node, at: Place) -> Iterator[tuple[str, Node, Place]]:
    """The members of a mapping, each key once. Raises WorldRefused."""
    if not isinstance(node, MappingNode):
        raise WorldRefused(at, "expected a mapping (key: value)")
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise WorldRefused(at, "a key must be a word")
        here = at.member(key.value, line)
        if key.value in seen:
            raise WorldRefused(here, "stands twice in the same mapping")
        seen.add(key.value)
        yield key.value, value, here


def items(node: Node, at: Place) -> Iterator[tuple[Node, Place]]:
    """The items of a list. Raises WorldRefused."""
    if not isinstance(node, SequenceNode):
        raise WorldRefused(at, "expected a list")
    for index, item in enumerate(node.value):
        yield item, at.item(index, item.start_mark.line + 1)


def is_null(node: Node) -> bool:
    """Whether the value is `null`, `~` or nothing."""
    return isinstance(node, ScalarNode) and node.tag == _NULL


def literal(node: Node, at: Place) -> str:
    """The characters of a scalar as they stand in the file. Raises WorldRefused."""
    if not isinstance(node, ScalarNode) or is_null(node):
        raise WorldRefused(at, "expected a single value")
    text: str = node.value
    if "\x00" in text:
        raise WorldRefused(at, "holds a zero character")
    return text


def is_quoted(node: Node) -> bool:
    """Whether a scalar is a text by its quotes."""
    return isinstance(node, ScalarNode) and bool(node.style) and node.style in "'\"|>"


def plain(node: Node, at: Place, depth: int = 0) -> object:
    """The value as JSON has it. Raises WorldRefused for what JSON cannot hold."""
    if depth > _DEEPEST:
        raise WorldRefused(at, "is nested too deeply")
    if isinstance(node, MappingNode):
        return {key: plain(value, here, depth + 1) for key, value, here in members(node, at)}
    if isinstance(node, SequenceNode):
        return [plain(item, here, depth + 1) for item, here in items(node, at)]
    return None if is_null(node) else _scalar(node, at)


def _scalar(node: Node, at: Place) -> object:
    value = literal(node, at)
    if is_quoted(node):
        return value
    if value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _DECIMAL.fullmatch(value) else value
