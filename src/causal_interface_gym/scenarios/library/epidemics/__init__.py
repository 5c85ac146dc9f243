"""Outbreaks and how they are observed."""
