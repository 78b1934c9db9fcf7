"""Webhooks of this language: the format `whisperer`, and the resource that subscribes to it."""
