"""What a test organization has beside everything else: a clock that moves, and willing carriers."""
