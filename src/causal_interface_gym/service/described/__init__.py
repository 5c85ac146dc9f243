"""What the service says of itself at ``/openapi.json``: forms of replies, links, examples."""
