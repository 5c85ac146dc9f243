"""What every test shares: property tests that repeat, and no time limit beyond pytest's own."""

from hypothesis import settings

# make test is the same every time; the rotating seed belongs to make oracle.
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("repeatable")
