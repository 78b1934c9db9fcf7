"""A name server on loopback that answers A and AAAA over UDP from a table, with a TTL of 0."""

import contextlib
import ipaddress
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator

PORT = 53
_VERSIONS = {1: 4, 28: 6}  # of IP, by the type of record: A, AAAA
_ANSWER, _NO_SUCH_NAME, _NOT_SERVED = 0x8580, 0x8583, 0x8584
_NAME_OF_THE_QUESTION = 0xC00C

Rows = dict[str, list[list[str]]]


class NameServer:
    """Rows as in `names.Names`: each look-up of a name takes the next, and the last is repeated.

    A look-up is one question for A and one for AAAA.
    """

    def __init__(self, host: str, rows: Rows) -> None:
        self.host = host
        self.rows = rows
        self._asked: Counter[tuple[str, int]] = Counter()

    def lookups(self, name: str) -> int:
        """How often a name was looked up."""
        return max(self._asked[name, version] for version in _VERSIONS.values())

    def answer(self, question: bytes) -> bytes:
        """The packet that answers a packet."""
        name, end = _name(question)
        kind = int.from_bytes(question[end : end + 2])
        flags, records = _NOT_SERVED, []
        if version := _VERSIONS.get(kind):
            row = self._next(name, version)
            flags = _NO_SUCH_NAME if row is None else _ANSWER
            records = [_record(kind, packed) for packed in _packed(row or [], version)]
        head = struct.pack("!2s5H", question[:2], flags, 1, len(records), 0, 0)
        return head + question[12 : end + 4] + b"".join(records)

    def _next(self, name: str, version: int) -> list[str] | None:
        self._asked[name, version] += 1
        rows = self.rows.get(name)
        return rows[min(self._asked[name, version], len(rows)) - 1] if rows else None


def _name(packet: bytes) -> tuple[str, int]:
    """The name asked for, with its final dot, and where it ends in the packet."""
    labels, place = [], 12
    while length := packet[place]:
        labels.append(packet[place + 1 : place + 1 + length].decode("latin-1"))
        place += 1 + length
    return ".".join([*labels, ""]).lower(), place + 1


def _packed(row: list[str], version: int) -> list[bytes]:
    """The addresses of one version, without what no record can hold: zones and nonsense."""
    found = []
    for text in row:
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(text)
            if address.version == version and "%" not in text:
                found.append(address.packed)
    return found


def _record(kind: int, packed: bytes) -> bytes:
    return struct.pack("!3HIH", _NAME_OF_THE_QUESTION, kind, 1, 0, len(packed)) + packed


@contextlib.contextmanager
def answering(host: str, rows: Rows) -> Iterator[NameServer]:
    """Serve at port 53 of an address until the block ends. PermissionError where root must."""
    server = NameServer(host, rows)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((host, PORT))

        def run() -> None:
            while True:
                packet, asker = listening.recvfrom(512)
                if not packet:  # the end
                    return
                listening.sendto(server.answer(packet), asker)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.sendto(b"", (host, PORT))
            thread.join(10)
