"""The pages: built files and the one document that loads them, under a strict policy."""
