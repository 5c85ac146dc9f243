"""Runs that many workers play: what is to be played, who holds which part, and what happened.

A run is cut into shards of trials. A shard may be delivered twice and its effect is once: a trial's
number is its key, and who holds a shard by an older claim can write nothing any more.
"""
