"""Runs: sets of trials that are played, stored, resumed, graded and reported."""
