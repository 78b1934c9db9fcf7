"""The world file: an organization's configuration as YAML, applied and exported.

`nodes` and `shapes` read it with the place of every value, `schema` says what may stand where,
`sections` make the database agree one section at a time, `applying` is the entry point, and
`exporting` writes what `applying` reads.
"""

from oms.backoffice.world.applying import Applied, apply_world
from oms.backoffice.world.exporting import export_world
from oms.backoffice.world.places import Place, WorldRefused

__all__ = ["Applied", "Place", "WorldRefused", "apply_world", "export_world"]
