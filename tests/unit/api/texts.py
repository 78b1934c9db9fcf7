"""The texts of /v1 that are shown to integrators, as they stand in the code and its templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import oms.api
from oms.api import v1

_MARKS = {"_", "_later", "gettext", "gettext_lazy"}
_TAG = re.compile(r'{% translate "([^"]+)" %}')


def texts() -> set[str]:
    """Every text that is marked for translation."""
    code = Path(v1.__file__).parent.rglob("*.py")
    pages = (Path(oms.api.__file__).parent / "templates").rglob("*.html")
    found = {text for path in code for text in _of_code(ast.parse(path.read_text()))}
    return found | {text for path in pages for text in _TAG.findall(path.read_text())}


def _of_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.func.id in _MARKS and node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
