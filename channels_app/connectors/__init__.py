"""Clients of the systems that channels stand for. No models, no transactions, no schedule."""
