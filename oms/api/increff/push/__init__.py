"""Pushes: order and return events (contract APIs 3 and 10), and the format that sends them."""
