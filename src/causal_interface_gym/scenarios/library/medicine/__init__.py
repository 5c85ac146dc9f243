"""Treatments, exposures and diagnoses."""
