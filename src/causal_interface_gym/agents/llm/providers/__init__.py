"""The providers of models: how each is reached, its prices, and what is kept secret."""
