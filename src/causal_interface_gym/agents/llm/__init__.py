"""Language models: one call, its policies, and the providers behind them."""
