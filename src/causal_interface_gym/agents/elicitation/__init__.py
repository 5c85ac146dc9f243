"""How beliefs are asked for and read: formats, forms, readings, controls."""
