"""How long a claim of a delivery lasts: without a result by then, it is due again."""

from datetime import timedelta

LEASE = timedelta(seconds=120)
MARGIN = timedelta(seconds=5)
AT_ONCE = timedelta(seconds=1)
"""A connection that fails within this is tried once more, in the same lease."""

LONGEST_TRY = LEASE - MARGIN - AT_ONCE
"""What one try of a format may take, with whatever belongs to it: else a delivery would be due
again while it is sent."""
