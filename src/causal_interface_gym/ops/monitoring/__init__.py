"""What an operator watches: gauges of this process and of what is stored, replicas, silences."""
