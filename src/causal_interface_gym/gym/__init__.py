"""Episodes: one participant in one world through one interface.

Transport-free: actions and observations are values with a JSON form, so the same episode stands
behind a function call, a tool, a page or a training loop.
"""
