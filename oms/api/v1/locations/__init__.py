"""Locations: where stock is (contract 4.9)."""
