"""The curated scenarios, one a file in a room for each field; each file offers ``SCENARIO``."""
