"""What a model is told: text files with a name and a version."""
