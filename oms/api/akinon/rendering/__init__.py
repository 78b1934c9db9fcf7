"""What answers and hooks look like: functions from rows at hand to plain JSON values."""
