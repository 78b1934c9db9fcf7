"""From our rows to their documents."""
