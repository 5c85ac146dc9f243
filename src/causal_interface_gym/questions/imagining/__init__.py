"""Rung 3: questions about what would have been."""
