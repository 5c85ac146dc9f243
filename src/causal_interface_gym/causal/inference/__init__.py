"""Exact numbers from a model: sums of products of tables, seeing and doing, imagining."""
