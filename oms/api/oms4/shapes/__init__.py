"""What the calls take and give, declared: read by the reader, described in OpenAPI."""
