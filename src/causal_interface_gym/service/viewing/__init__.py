"""What pages show of played episodes: replays, failures first, comparisons, one's own standing."""
