"""What operations staff use: admin site and management commands."""
