"""Rung 2: questions about what an action would bring about."""
