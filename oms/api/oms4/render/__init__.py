"""Our objects as the plain documents of the contract: exact names, types and nulls."""
