"""What the facades share, free of any vendor's words."""
