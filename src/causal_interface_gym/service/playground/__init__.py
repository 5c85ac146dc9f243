"""What the playground shows: exact numbers side by side, verdicts, and graphs from and as text."""
