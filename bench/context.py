"""What every figure is measured with."""

import os
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bench.database import Database
from bench.floors.server import FloorServer
from bench.helpers import Helper, Result
from bench.home import Installation
from bench.sizes import CLIENTS, Sizes

WARM_UP = "WARM"

Values = dict[str, float]
"""What one round of a figure gives, by the key of its row."""


class FigureError(Exception):
    """A figure could not be measured: something was refused, lost, or never ended."""


@dataclass(slots=True)
class Bench:
    """The installation under load and everything that loads it."""

    place: Installation
    sizes: Sizes
    database: Database
    floors: Database
    floor_server: FloorServer
    generator: Helper
    player: Helper
    clients: list[Helper] = field(default_factory=list)
    others: dict[str, Helper] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    shares: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """The generator's part of all processor time, by figure."""
    stored: int = 0
    """Orders of the past."""
    _number: int = 0

    @property
    def port(self) -> int:
        return self.place.home.port

    def prefix(self, name: str) -> str:
        """A beginning for order numbers that no other round has."""
        self._number += 1
        return f"{name}-{int(time.time())}-{self._number}"

    def sql_clients(self) -> list[Helper]:
        """As many clients as there are over HTTP, started at the first call."""
        while len(self.clients) < CLIENTS:
            self.clients.append(Helper("bench.floors.sql_client"))
        return self.clients

    def sink(self) -> Helper:
        """Takes webhooks and counts them."""
        return self._helper("bench.sink")

    def poster(self) -> Helper:
        """Posts what F8 posts."""
        return self._helper("bench.floors.poster")

    def bulk(self) -> Helper:
        """Sends bulk intake."""
        return self._helper("bench.bulk_load")

    def note_share(self, name: str, result: Result) -> None:
        """Remember what the generator took of the machine."""
        if name.startswith(WARM_UP):
            return
        available = result["seconds"] * (os.cpu_count() or 1)
        if available:
            self.shares[name].append(result["cpu_seconds"] / available)

    def note(self, topic: str, sentence: str) -> None:
        """Something the reader of the table must know; one sentence a topic, the last one."""
        self.notes[topic] = sentence

    def await_quiet(self) -> None:
        """Nothing of one figure may run on into the next."""
        self.database.await_quiet(seconds=120)

    def close(self) -> None:
        for helper in (self.generator, self.player, *self.clients, *self.others.values()):
            helper.close()
        self.floor_server.stop()
        self.floors.close()
        self.database.close()

    def _helper(self, module: str) -> Helper:
        """One process for each module, started at the first call."""
        if module not in self.others:
            self.others[module] = Helper(module)
        return self.others[module]
