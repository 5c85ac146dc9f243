"""Markets, wages and prices."""
