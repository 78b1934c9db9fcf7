"""What was bought: orders, lines, buyers, holds and cancel requests."""
