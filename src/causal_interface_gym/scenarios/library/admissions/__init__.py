"""Who is let in, and what is seen of those who are."""
