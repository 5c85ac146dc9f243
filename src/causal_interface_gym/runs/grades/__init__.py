"""What a run's logs are summed up into while they stream by, and the metrics made of it.

Every participant meets the same items again and again, so sums by item are enough for all scores,
weights and diagrams: memory grows with the number of distinct items, not with that of episodes.
"""
