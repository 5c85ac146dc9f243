"""Reports of a graded run: JSON, terminal, Markdown, figures and a stand-alone page.

None holds a clock, a path or the name of a machine: equal runs give equal bytes.
"""
