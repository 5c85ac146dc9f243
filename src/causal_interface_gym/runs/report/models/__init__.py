"""What a report says of language models: calls, cost, formats, controls."""
