"""Commands that ask the engine: queries, identification, adjustment."""
