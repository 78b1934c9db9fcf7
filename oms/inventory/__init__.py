"""Stock levels and the append-only ledger behind them."""
