"""Agents: what takes part in an episode without being a person."""
