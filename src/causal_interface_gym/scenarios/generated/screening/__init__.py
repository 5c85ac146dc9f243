"""Draw candidates by the hundred and keep those whose items are admissible."""
