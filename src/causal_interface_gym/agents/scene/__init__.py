"""What a language model is shown of an episode: the brief and the log as text that is only data."""
