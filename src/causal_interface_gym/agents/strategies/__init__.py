"""How a language model comes to its beliefs: one file a strategy, its prompt in ``prompts``."""
