"""What goes in and out: the limits and forms of requests, replies, and problems."""
