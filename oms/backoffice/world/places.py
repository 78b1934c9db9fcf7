"""Where something stands in a world file, and the refusal that says so."""

from dataclasses import dataclass

from oms.kernel import errors


@dataclass(frozen=True, slots=True)
class Place:
    """File, line and path of one value, such as `world.yaml:12: channels[0].delivery`."""

    file: str
    line: int
    path: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}" if self.path else f"{self.file}:{self.line}"

    def member(self, name: str, line: int) -> "Place":
        """The place of a member of this mapping."""
        return Place(self.file, line, f"{self.path}.{name}" if self.path else name)

    def item(self, index: int, line: int) -> "Place":
        """The place of an item of this list."""
        return Place(self.file, line, f"{self.path}[{index}]")


class WorldRefused(errors.InvalidInput):
    """A world file says something that cannot be. Nothing was changed."""

    code = "world_refused"

    def __init__(self, at: Place | str, message: str) -> None:
        super().__init__(f"{at}: {message}")
