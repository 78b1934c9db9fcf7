"""Our own API: section by section in one package each; what they share is in `road`."""
