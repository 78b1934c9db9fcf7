"""What a scan says: a command, a weight, a number of units, or the code of something."""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT = 255
MAX_TIMES = 9_999
_COMMAND = re.compile(r"\*([A-Z]+)\*")
_WEIGHT = re.compile(r"\*G(\d{1,7})\*")
_TIMES = re.compile(r"(\d{1,4})\*(.*)", re.DOTALL)


class Command(StrEnum):
    """Words between two asterisks; their bar codes hang at the bench."""

    DONE = "DONE"
    BOX = "BOX"
    SHORT = "SHORT"
    UNDO = "UNDO"
    YES = "YES"
    NO = "NO"
    LEAVE = "LEAVE"
    NEXT = "NEXT"
    PRINT = "PRINT"


MEANINGS: dict[Command, str] = {
    Command.NEXT: "Take the next task",
    Command.DONE: "Everything is in: pack it",
    Command.BOX: "Close this box, the rest comes in another",
    Command.SHORT: "What is missing is not to be found",
    Command.UNDO: "Take the last scan back",
    Command.YES: "Yes",
    Command.NO: "No",
    Command.LEAVE: "Leave without packing",
    Command.PRINT: "Print the papers again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One reading. Exactly one of `command`, `weight_g`, `times` without a code, or `code`.

    `is_unknown` says that it looked like a command and is none.
    """

    text: str
    command: Command | None = None
    weight_g: int | None = None
    times: int | None = None
    code: str = ""
    is_unknown: bool = False


def read(text: str) -> Scan:
    """What was scanned or typed. `3*` before a code, or alone before the next one, multiplies."""
    said = text.replace("\x00", "").strip()[:MAX_TEXT]
    if weight := _WEIGHT.fullmatch(said.upper()):
        return Scan(text=said, weight_g=int(weight[1]))
    if command := _COMMAND.fullmatch(said.upper()):
        name = command[1]
        known = Command(name) if name in Command.__members__ else None
        return Scan(text=said, command=known, is_unknown=known is None)
    if (several := _TIMES.fullmatch(said)) and int(several[1]):
        return Scan(text=said, times=int(several[1]), code=several[2].strip())
    return Scan(text=said, code=said)
