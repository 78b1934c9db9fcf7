"""What a run of the demo did, for people."""

from collections import Counter
from collections.abc import Sequence

from demo.play import Outcome

STATES = (
    "CREATED", "PAID", "PROCESSING", "PACKED", "SHIPPING", "PENDING DELIVERY", "DELIVERED",
    "RETURNED TO FP", "LOST", "CANCELLED",
)  # fmt: skip
MOST_PROBLEMS = 20


def table(rows: Sequence[tuple[str, object]], *, title: str) -> str:
    """Two columns, the numbers to the right."""
    left = max(len(name) for name, _ in rows)
    right = max(len(_shown(value)) for _, value in rows)
    width = left + 2 + right
    lines = [title, "-" * max(width, len(title))]
    lines += [f"{name:<{left}}  {_shown(value):>{right}}" for name, value in rows]
    return "\n".join(lines)


def of_outcome(outcome: Outcome) -> str:
    """The summary table of one run."""
    read = outcome.books
    orders = [order for found in read.orders.values() for order in found]
    states = Counter(order.order_status for order in orders)
    tasks = [task for found in read.tasks.values() for task in found]
    parcels = [parcel for found in read.parcels.values() for parcel in found]
    sent = outcome.story.purchases.values()
    count = len(outcome.story.purchases)
    rows: list[tuple[str, object]] = [("orders sent", count), ("orders stored", len(orders))]
    rows += [(f"  {state}", states[state]) for state in STATES if states[state]]
    rows += [
        ("lines", sum(len(purchase.lines) for purchase in sent)),
        ("units", sum(purchase.units for purchase in sent)),
        ("tasks", len(tasks)),
        ("parcels", sum(parcel.is_live for parcel in parcels)),
        ("  voided", sum(not parcel.is_live for parcel in parcels)),
        ("labels read (PDF)", len(outcome.labels)),
        ("cancellation tasks", sum(len(found) for found in read.cancellations.values())),
        *((f"  {name}", number) for name, number in sorted(outcome.tally.items())),
        ("API calls", outcome.calls),
        ("  repeated", outcome.retries),
        ("seconds", round(outcome.seconds, 1)),
        ("orders per second", round(count / max(outcome.seconds, 0.001), 1)),
    ]
    return table(rows, title="The demo")


def of_problems(problems: Sequence[str]) -> str:
    """The contradictions, not more of them than a person reads."""
    lines = [f"{len(problems)} things do not add up:"]
    lines += [f"  - {problem}" for problem in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"  … and {len(problems) - MOST_PROBLEMS} more")
    return "\n".join(lines)


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
