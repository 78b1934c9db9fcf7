"""How much of everything a run does."""

from dataclasses import dataclass

CLIENTS = 8
SKUS = 1_000
ORDER_LINES = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """A whole run, or a quick one."""

    rounds: int
    seconds: float
    """Of one round of a figure over HTTP."""
    sql_seconds: float
    """Of one round of a figure without HTTP."""
    steady_seconds: float
    life_orders: int
    labels: int
    news_events: int
    """Of a round of webhooks, each to twenty endpoints."""
    first_orders: int
    """Stored before anything is measured."""
    many_orders: int
    """Stored before the lists are measured."""
    list_calls: int
    far_calls: int
    """Of the far page of a list."""


WHOLE = Sizes(
    rounds=3,
    seconds=8.0,
    sql_seconds=4.0,
    steady_seconds=10.0,
    life_orders=400,
    labels=200,
    news_events=3_400,
    first_orders=10_000,
    many_orders=1_000_000,
    list_calls=100,
    far_calls=20,
)
QUICK = Sizes(
    rounds=3,
    seconds=1.0,
    sql_seconds=0.6,
    steady_seconds=1.5,
    life_orders=60,
    labels=40,
    news_events=120,
    first_orders=5_000,
    many_orders=50_000,
    list_calls=10,
    far_calls=20,
)
