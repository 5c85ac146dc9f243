"""What an operator does: backups, restores, duties, silences, incidents, a look at the whole."""
