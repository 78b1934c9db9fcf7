"""Which refusals of valid requests the document announces, by its `x-rules`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any


def announces(rules: Iterable[Mapping[str, str]], problem: Mapping[str, Any]) -> bool:
    """Whether every error of a problem breaks a rule that JSON Schema has no words for."""
    known = [(pattern_of(rule["pointer"]), rule["code"]) for rule in rules]
    errors = problem.get("errors", ())
    return bool(errors) and all(_is_known(error, known) for error in errors)


def _is_known(error: Mapping[str, str], known: Iterable[tuple[re.Pattern[str], str]]) -> bool:
    return any(
        code == error["code"] and pattern.fullmatch(error["pointer"]) for pattern, code in known
    )


def pattern_of(pointer: str) -> re.Pattern[str]:
    """`*` stands for a step or a part of one, `**` for any number of steps."""
    parts = re.split(r"(\*\*/|\*)", pointer)
    written = {"**/": "(?:[^/]+/)*", "*": "[^/]*"}
    return re.compile("".join(written.get(part, re.escape(part)) for part in parts))
