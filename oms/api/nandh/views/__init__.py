"""One class per path."""
