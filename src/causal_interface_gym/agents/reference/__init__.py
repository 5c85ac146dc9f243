"""Reference agents: the fixed points of the ruler.

They alone hold the world. Each answers by one named rule; none reads a truth or a lure.
"""
