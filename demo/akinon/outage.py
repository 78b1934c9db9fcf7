"""What goes wrong in the middle of a run, for as long as it is told."""

import threading
import time
from dataclasses import dataclass, field

from tests.simulators.akinon_wire import Fault
from tests.simulators.omnitron import Omnitron
from tests.simulators.seller_center import SellerCenter

SHARE_OF_FAULTS = 20
PAUSE = 0.5


@dataclass(slots=True)
class Outage:
    """Seller Center is away for `seconds`; Omnitron answers 500 and 401 and loses answers."""

    omnitron: Omnitron
    seller_center: SellerCenter | None
    seconds: float
    happened: dict[str, int] = field(default_factory=dict)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="outage", daemon=True)
        self._thread.start()

    @property
    def has_begun(self) -> bool:
        return self._thread is not None

    @property
    def is_over(self) -> bool:
        return self._thread is not None and not self._thread.is_alive()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        ends = time.monotonic() + self.seconds
        if self.seller_center is not None:
            self.seller_center.go_down()
        while time.monotonic() < ends:
            self._disturb()
            time.sleep(PAUSE)
        self.omnitron.behave()
        if self.seller_center is not None:
            self.seller_center.come_up()
            # News of states has hooks of its own each. Were it the one of new packages, its
            # breaker would wait longer each time, and all other news of packages with it.
            news = "packages/update-status/"
            self.seller_center.misbehave(Fault(path=news, is_lost=True, count=3))
            self.seller_center.misbehave(Fault(path=news, status=500, count=3))
        self.happened["seconds"] = round(self.seconds)

    def _disturb(self) -> None:
        """A little of everything, again and again."""
        self.omnitron.behave()
        self.omnitron.misbehave(Fault(is_lost=True, method="PATCH"))
        self.omnitron.misbehave(Fault(ends_tokens=True))
        self.omnitron.misbehave(Fault(status=500, count=SHARE_OF_FAULTS))


def counted(omnitron: Omnitron, seller_center: SellerCenter | None) -> list[tuple[str, int]]:
    """How often each of it was met."""
    calls = list(omnitron.calls)
    rows = [
        ("calls to Omnitron", len(calls)),
        ("  answered 500", sum(call.status == 500 for call in calls)),  # noqa: PLR2004
        ("  answered 401", sum(call.status == 401 for call in calls)),  # noqa: PLR2004
        ("  answers lost", sum(call.status == 0 for call in calls)),
        ("  log-ins", omnitron.logins),
        ("  pushes that came again", len(omnitron.books.repeats)),
    ]
    if seller_center is not None:
        rows += [
            ("calls to Seller Center", len(seller_center.calls)),
            ("  answers lost", sum(call.status == 0 for call in list(seller_center.calls))),
            ("  messages that came again", seller_center.books.duplicates),
            ("  stale messages dropped", len(seller_center.books.stale)),
        ]
    return rows
