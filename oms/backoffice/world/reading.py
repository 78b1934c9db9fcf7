"""World files into records by section. Nothing is written before all of it was read."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oms.backoffice.world import nodes
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.schema import SECTIONS
from oms.backoffice.world.shapes import Record


@dataclass(slots=True)
class World:
    """Everything the files say, section by section, in their order."""

    sections: dict[str, list[Record]] = field(default_factory=dict)
    digest: str = ""
    files: tuple[str, ...] = ()

    def present(self, section: str) -> list[Record]:
        """The entries that should exist."""
        return [entry for entry in self.sections.get(section, ()) if not entry.is_absent]

    def absent(self, section: str) -> list[Record]:
        """The entries that should not."""
        return [entry for entry in self.sections.get(section, ()) if entry.is_absent]


def read_world(paths: Sequence[Path]) -> World:
    """Read and check any number of files as one. Raises WorldRefused."""
    world = World(files=tuple(str(path) for path in paths))
    digest = hashlib.sha256()
    for path in paths:
        _read_file(path, world)
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    world.digest = digest.hexdigest()
    return world


def _read_file(path: Path, world: World) -> None:
    root, at = nodes.load(path)
    if root is None or nodes.is_null(root):
        return
    for name, node, here in nodes.members(root, at):
        if nodes.is_null(node):
            continue
        shape = SECTIONS.get(name)
        if shape is None:
            raise WorldRefused(here, f"unknown section `{name}` (known are {', '.join(SECTIONS)})")
        entries = world.sections.setdefault(name, [])
        entries += [shape.read(item, place) for item, place in nodes.items(node, here)]


def refuse_repeats(keyed: Iterable[tuple[object, Record]]) -> None:
    """Refuse an object that is described twice."""
    seen: dict[object, Record] = {}
    for key, record in keyed:
        if key in seen:
            raise WorldRefused(record.at, f"is described twice; first at {seen[key].at}")
        seen[key] = record
