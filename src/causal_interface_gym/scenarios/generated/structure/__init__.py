"""Structures, before any number: which variables there are and what acts on what."""
