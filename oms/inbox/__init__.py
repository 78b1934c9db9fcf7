"""What is stuck. Its models arrive with the exceptions inbox."""
