"""Families of questions: what is elicited, the exact truth, the named lures, the reference.

Folders follow Pearl's ladder: ``seeing`` (association), ``doing`` (intervention), ``imagining``
(counterfactual).

Source: [pearl2009].
"""
