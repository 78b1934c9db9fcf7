"""The process that sets type. Run by path, by `press`; it imports nothing of ours.

Reads requests from its input (four bytes of length, then JSON) and answers each with one byte
(`+` a PDF follows, `-` a message) and a length. Ends with its input, after a while without work,
and after so many sheets that its caches are worth dropping.
"""

import json
import select
import shutil
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

import typst

IDLE = 60.0  # seconds
SHEETS = 500
_LENGTH = 4


def main(library: str) -> None:
    """Set type until there is nothing to do. `library` is the only file templates can read."""
    with tempfile.TemporaryDirectory(prefix="oms-press-") as name:
        root = Path(name) / "root"
        root.mkdir()
        shutil.copyfile(library, root / "oms.typ")
        compiler = typst.Compiler(
            root=str(root),
            font_paths=typst.Fonts(include_system_fonts=True),
            package_path=str(Path(name) / "packages"),
            package_cache_path=str(Path(name) / "packages"),
        )
        _serve(compiler, sys.stdin.buffer, sys.stdout.buffer)


def _serve(compiler: typst.Compiler, requests: BinaryIO, answers: BinaryIO) -> None:
    for _ in range(SHEETS):
        ready, _, _ = select.select([requests], [], [], IDLE)
        if not ready or len(head := requests.read(_LENGTH)) < _LENGTH:
            return
        request = json.loads(requests.read(int.from_bytes(head)))
        sign, body = _set(compiler, request)
        answers.write(sign + len(body).to_bytes(_LENGTH) + body)
        answers.flush()


def _set(compiler: typst.Compiler, request: dict[str, str]) -> tuple[bytes, bytes]:
    try:
        sheet = compiler.compile(
            input=request["source"].encode(),
            format="pdf",
            sys_inputs={"data": request["data"]},
            timestamp=int(request["at"]),
        )
    except (typst.TypstError, RuntimeError, ValueError) as error:
        return b"-", "\n".join([str(error), *getattr(error, "hints", [])]).encode()
    return (b"+", sheet) if isinstance(sheet, bytes) else (b"-", b"The template made no sheet")


if __name__ == "__main__":
    main(sys.argv[1])
