"""Readers and writers: graphs as dagitty text, models as BIF, both as versioned JSON."""
