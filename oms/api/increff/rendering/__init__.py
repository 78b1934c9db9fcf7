"""What answers look like: one function per body, from objects of the core to plain JSON values."""
