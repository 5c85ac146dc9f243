"""Commands about runs: play one, report it, show an episode."""
