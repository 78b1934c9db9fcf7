"""How an order finds its points: rules, and a plan made from plain data."""
