"""Carrier extensions: an HTTP service per carrier, named in `SHIPPING_SETTINGS` (contract 7.3)."""
