"""Inventory: levels, what is available, counts and corrections (contract 4.9)."""
