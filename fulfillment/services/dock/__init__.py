"""The dock: picking together, manifests, and handing over to carriers."""
