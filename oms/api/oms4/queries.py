"""Parameters in a query string: bracketed lists, repeated names, plain values (section 5)."""

import msgspec

from oms.api.oms4.calls import WireCall
from oms.api.oms4.documents import Document
from oms.api.oms4.kinds import Texts
from oms.api.oms4.reader import Shape


def document_of(call: WireCall, shape: Shape) -> Document:
    """Query and body as one document; the body wins. Raises NotJson."""
    document: Document = {}
    lists = _list_names(shape)
    for name, value in call.pairs:
        bare = name.removesuffix("[]")
        if bare in lists:
            document.setdefault(bare, []).extend(split_list(value))
        else:
            document[bare] = value
    return document | call.document


def split_list(text: str) -> list[object]:
    """`[a,b]`, `["a","b"]` and `a,b` alike; nothing between brackets is an empty list."""
    bare = text.strip()
    if bare.startswith("[") and bare.endswith("]"):
        try:
            decoded: list[object] = msgspec.json.decode(bare, type=list[object])
        except (ValueError, RecursionError):
            bare = bare[1:-1]
        else:
            return decoded
    parts = (part.strip().strip('"') for part in bare.split(","))
    return [part for part in parts if part]


def _list_names(shape: Shape) -> set[str]:
    lists = (item for item in shape.members if isinstance(item.kind, Texts))
    return {name for item in lists for name in (item.name, *item.aliases)}
