"""Goods that come back: expected, received, inspected, put back on the shelf."""
