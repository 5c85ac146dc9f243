"""Outages and alarms: what happened, and what to do about it."""
