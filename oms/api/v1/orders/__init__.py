"""Orders, requests to cancel them, and many orders at once (contract 4.8 and 4.11a)."""
