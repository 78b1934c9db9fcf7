"""Where goods are shipped from."""
