"""N&H Open API v1.0: `/api/v1/public`. See docs/api/nandh.md."""
