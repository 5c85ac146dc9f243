"""Rows drawn from a world, by an action or before the first one."""
