"""Scores of stated probabilities against exact truths, with their statistics."""
