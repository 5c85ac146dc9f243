"""What is graded of language models only: their calls, and what their score owes to format."""
