"""`GET /v1/events`: the log that webhooks tell of, to be read at one's own pace."""
