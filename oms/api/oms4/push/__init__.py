"""Pushes: the messages of contract section 6, and the wire format that sends them."""
