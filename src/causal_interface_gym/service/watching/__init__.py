"""What is seen from outside of a service at work: health, metrics, and the log."""
