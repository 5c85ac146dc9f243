"""Graphs as Mermaid and as TikZ, to put into a page or a paper.

A bidirected edge is dashed with two heads, a latent node has a dashed rim, treatment and outcome
are marked.
"""

from collections.abc import Collection

from causal_interface_gym.causal.formats.drawing.layout import places
from causal_interface_gym.causal.graph import ADMG

__all__ = ["to_mermaid", "to_tikz"]

_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
        "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}  # fmt: skip


def to_mermaid(
    graph: ADMG,
    *,
    latent: Collection[str] = (),
    treatment: Collection[str] = (),
    outcome: Collection[str] = (),
) -> str:
    """Write a Mermaid flowchart.

    >>> print(to_mermaid(ADMG([("X", "Y")], [("X", "Y")])), end="")
    flowchart TD
      n0["X"]
      n1["Y"]
      n0 --> n1
      n0 <-.-> n1
    """
    number = {v: f"n{i}" for i, v in enumerate(graph.nodes)}
    lines = ["flowchart TD"]
    lines += [f'  {number[v]}["{_mermaid(v)}"]' for v in graph.nodes]
    lines += [f"  {number[a]} --> {number[b]}" for a, b in graph.directed]
    lines += [f"  {number[a]} <-.-> {number[b]}" for a, b in graph.bidirected]
    styles = (
        (latent, "stroke-dasharray: 4 3"),
        (treatment, "fill:#cfe8ff"),
        (outcome, "fill:#ffe3b8"),
    )
    for nodes, style in styles:
        lines += [f"  style {number[v]} {style}" for v in graph.nodes if v in nodes]
    return "\n".join([*lines, ""])


def to_tikz(
    graph: ADMG,
    *,
    latent: Collection[str] = (),
    treatment: Collection[str] = (),
    outcome: Collection[str] = (),
) -> str:
    """Write a TikZ picture; it needs the library ``arrows.meta`` and no other."""
    number = {v: f"n{i}" for i, v in enumerate(graph.nodes)}
    lines = [
        r"\begin{tikzpicture}[>={Stealth}, variable/.style={draw, rounded corners},",
        r"  latent/.style={dashed}, treatment/.style={fill=blue!15},",
        r"  outcome/.style={fill=orange!25}]",
    ]
    marks = (("latent", latent), ("treatment", treatment), ("outcome", outcome))
    for v, (x, y) in places(graph).items():
        style = ", ".join(["variable", *(name for name, nodes in marks if v in nodes)])
        text = "".join(_TEX.get(c, c) for c in v)
        lines.append(rf"  \node[{style}] ({number[v]}) at ({2 * x:g}, {-1.5 * y:g}) {{{text}}};")
    lines += [rf"  \draw[->] ({number[a]}) -- ({number[b]});" for a, b in graph.directed]
    lines += [rf"  \draw[<->, dashed] ({number[a]}) to[bend left=40] ({number[b]});"
              for a, b in graph.bidirected]  # fmt: skip
    return "\n".join([*lines, r"\end{tikzpicture}", ""])


def _mermaid(text: str) -> str:
    """Write what would end a label, or begin a tag, as a character code."""
    return "".join(f"#{ord(c)};" if c in '"#<>&\\`\n\r' else c for c in text)
