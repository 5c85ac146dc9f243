"""The curated scenarios, one a file; each file offers ``SCENARIO``."""
