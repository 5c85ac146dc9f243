"""What stands between a question and a model, one policy a file; ``client`` puts them in order."""
