"""Taking tasks from points that did not accept them in time."""

from datetime import datetime


def hop_due(*, now: datetime, limit: int = 100) -> int:
    """Take every task whose time to accept has passed from its point. Returns how many."""
    raise NotImplementedError
