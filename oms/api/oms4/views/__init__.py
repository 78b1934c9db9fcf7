"""One class per operation: read, one domain call, render."""
