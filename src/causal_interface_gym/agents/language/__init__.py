"""The agent whose beliefs come from a language model."""
