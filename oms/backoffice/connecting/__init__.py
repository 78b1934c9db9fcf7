"""Omnitron and Seller Center in the back office: what is set up, what is missing, settings."""
