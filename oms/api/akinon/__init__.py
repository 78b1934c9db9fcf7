"""Akinon OMS's language: see docs/api/akinon.md."""
