"""The providers of language models: where they are, how they are reached, what they cost."""
