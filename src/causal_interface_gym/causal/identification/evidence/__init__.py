"""What is known: observation, experiments, other populations; and what cannot follow from it."""
