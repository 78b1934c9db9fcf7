"""One module per section of the world file."""
