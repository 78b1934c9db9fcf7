"""Orders of an Omnitron or a Seller Center run through an installation of their own."""
