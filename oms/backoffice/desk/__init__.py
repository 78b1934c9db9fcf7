"""Pages for people at points without a system of their own: bench, dock and returns desk."""
