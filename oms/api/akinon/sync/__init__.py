"""Between Omnitron or Seller Center and the core: orders in, states out (docs/adr/0028)."""
