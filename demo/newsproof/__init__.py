"""Proofs of the delivery of news, on an installation of their own: `python -m demo.newsproof`."""
