"""Questions over several worlds: what they speak of, how it factorises, what forbids an answer."""
