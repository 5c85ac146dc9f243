"""Asking a model over the wire, on pydantic-ai's model classes."""
