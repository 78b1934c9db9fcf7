"""Returns of the open API: contract 4.11a and 4.12a.10."""
