"""A made-up shop and its warehouses, played over the public HTTP APIs only."""
