"""Two models that agree on everything known and differ on a question.

For a hedge they are parity circuits (``witness``), otherwise linear algebra finds them (``pair``).
"""
