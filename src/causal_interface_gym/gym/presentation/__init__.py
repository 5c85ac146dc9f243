"""One interface, three faces: text, tools of an agent, and the schema of every action."""
