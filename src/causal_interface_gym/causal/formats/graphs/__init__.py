"""Graphs in the languages of other programs: DOT, GML, node-link JSON, networkx."""
