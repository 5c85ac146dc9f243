"""Schools and what they change."""
