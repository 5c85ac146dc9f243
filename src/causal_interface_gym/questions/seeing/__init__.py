"""Rung 1: questions that observation alone answers."""
