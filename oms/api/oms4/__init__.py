"""The OMS4 Open API, as its contract states it (docs/api/oms4.md)."""
