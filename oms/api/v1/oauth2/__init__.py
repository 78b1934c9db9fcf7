"""Access tokens by client credentials (contract 4.2)."""
