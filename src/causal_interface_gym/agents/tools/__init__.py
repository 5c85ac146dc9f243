"""What a tool-assisted model may use: the engine, on what it was shown and has drawn itself."""
