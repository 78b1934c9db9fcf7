"""Organizations, staff, and the machines that call us."""
