"""Programmes and authorities."""
