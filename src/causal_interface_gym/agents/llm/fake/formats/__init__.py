"""The wire formats of three providers, one file each."""
