"""What is stocked, and what each channel calls it."""
