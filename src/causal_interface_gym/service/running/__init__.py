"""Runs over HTTP: begun, watched, paused, resumed, cancelled; workers play them."""
