"""What every test shares: property tests that repeat, and no time limit beyond pytest's own."""

import signal

from hypothesis import settings

# make test is the same every time; the rotating seed belongs to make oracle.
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("repeatable")

# A shell that starts tests in the background has them ignore interrupts, and so their children.
signal.signal(signal.SIGINT, signal.default_int_handler)
