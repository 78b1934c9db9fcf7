"""Everything the OpenAPI document of /v1 promises, tried against a running server."""
