"""The cache and the limits that processes share: Redis, or a twin within the process.

Nothing that matters lives here: emptied, killed or hung, it costs time and changes no result.
"""
