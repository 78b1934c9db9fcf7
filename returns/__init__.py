"""Goods that come back. Its models arrive with the returns desk."""
