"""One file a revision, frozen once released; the newest is the head."""
