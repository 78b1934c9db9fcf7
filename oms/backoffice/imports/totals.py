"""Counting rows, orders and units so that the sum is what was read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Totals:
    """Everything that was counted, by name; kept with the checkpoint of an import.

    Every row read is in exactly one of: `rows.lines`, `rows.charges`, `rows.cancelled`, and
    `refused.<reason>`.
    """

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, number: int = 1) -> None:
        """Count something."""
        self.counts[name] += number

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    @property
    def refused(self) -> dict[str, int]:
        """Refused rows by reason, the most frequent first."""
        prefix = "refused."
        found = {
            name.removeprefix(prefix): number
            for name, number in self.counts.items()
            if name.startswith(prefix)
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @property
    def accounted(self) -> int:
        """Rows that ended somewhere."""
        taken = self["rows.lines"] + self["rows.charges"] + self["rows.cancelled"]
        return taken + sum(self.refused.values())

    def lines(self) -> Iterator[str]:
        """The summary for people."""
        yield f"Rows read          {self['rows.read']:>10,}"
        yield f"  order lines      {self['rows.lines']:>10,}"
        yield f"  charges          {self['rows.charges']:>10,}"
        yield f"  cancellations    {self['rows.cancelled']:>10,}"
        yield f"  refused          {sum(self.refused.values()):>10,}"
        for reason, number in self.refused.items():
            yield f"    {reason}: {number:,}"
        placed, updated, known = (self[f"orders.{word}"] for word in ("placed", "updated", "known"))
        yield f"Orders             {placed + updated + known:>10,}"
        yield f"  placed {placed:,}, updated {updated:,}, there before {known:,}"
        yield f"Units ordered      {self['units.ordered']:>10,}"
        yield f"Units cancelled    {self['units.cancelled']:>10,}"
        if before := self["units.cancelled_before"]:
            yield f"  and in an earlier run {before:,}"
        if self["skus.created"]:
            yield f"SKUs created       {self['skus.created']:>10,}"
