"""Scenarios in the back office: the editor of their rules, trying orders out, and back-tests."""
