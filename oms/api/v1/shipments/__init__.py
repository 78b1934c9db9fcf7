"""Shipments: the boxes of an order (contract 4.10)."""
