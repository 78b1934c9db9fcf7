"""Increff's language for external fulfilment systems: see docs/api/increff.md."""
