"""Who works at the command line, as the audit log names him."""

import os
import pwd

__all__ = ["actor"]


def actor() -> str:
    """Give the name of the user whom this process belongs to.

    >>> actor().startswith("cli:")
    True
    """
    user = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(user).pw_name}"
    except KeyError:  # a container may run under a number without a name
        return f"cli:{user}"
