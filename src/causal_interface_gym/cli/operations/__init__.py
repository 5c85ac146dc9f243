"""Commands for whoever keeps a gym running: one noun a file."""
