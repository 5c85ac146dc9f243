"""The commands of those who look after the gym: databases, settings, keys, cache."""
