"""Backups: made, proven by a restore, kept for a while, and put back without a moment between."""
