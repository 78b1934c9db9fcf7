"""The wire languages; no rule lives here."""
