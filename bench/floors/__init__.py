"""What the same work costs without oms: the least a web application, and the database, need."""
