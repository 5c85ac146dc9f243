"""Answers of reference rules, shared by worlds that differ in names only."""
