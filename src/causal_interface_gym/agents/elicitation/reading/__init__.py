"""Read what came back: replies, words, likely tokens, repeated samples."""
