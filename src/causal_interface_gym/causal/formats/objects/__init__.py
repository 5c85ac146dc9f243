"""Objects of other libraries, read and written where those libraries are installed."""
