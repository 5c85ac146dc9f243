"""Graphs as SVG with a legend: one file, no scripts, no outside resources."""

from collections.abc import Collection
from math import hypot
from xml.sax.saxutils import escape, quoteattr

from causal_interface_gym.causal.formats.drawing.layout import places
from causal_interface_gym.causal.graph import ADMG

__all__ = ["to_svg"]

_GAP = 44.0
_STEP = 90.0
_CHARACTER = 8.2
_HEIGHT = 34.0
_MARGIN = 24.0
_LEGEND = 22.0

_STYLE = (
    "text{font:14px sans-serif;text-anchor:middle;dominant-baseline:central;fill:#1a1a1a}"
    "rect{fill:#fff;stroke:#333;stroke-width:1.4}path{fill:none;stroke:#333;stroke-width:1.4}"
    ".latent{stroke-dasharray:5 3}.treatment{fill:#cfe8ff}.outcome{fill:#ffe3b8}"
    ".hidden{stroke-dasharray:5 4;stroke:#a33}.key{text-anchor:start}"
)
_HEAD = (
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
    'markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" '
    'style="fill:#333;stroke:none"/></marker></defs>'
)

Place = tuple[float, float]


def to_svg(
    graph: ADMG,
    *,
    latent: Collection[str] = (),
    treatment: Collection[str] = (),
    outcome: Collection[str] = (),
    title: str = "Causal graph",
) -> str:
    """Draw a graph; the title is read to those who cannot see it."""
    width = {v: max(40.0, _CHARACTER * len(v) + 20) for v in graph.nodes}
    step = max(width.values(), default=40.0) + _GAP
    raw = {v: (x * step, y * _STEP) for v, (x, y) in places(graph).items()}
    left = min((x for x, _ in raw.values()), default=0.0) - step / 2 - _MARGIN
    at = {v: (x - left, y + _MARGIN + _HEIGHT) for v, (x, y) in raw.items()}
    roles = {v: [name for name, nodes in
                 (("latent", latent), ("treatment", treatment), ("outcome", outcome)) if v in nodes]
             for v in graph.nodes}  # fmt: skip
    bottom = max((y for _, y in at.values()), default=0.0) + _HEIGHT + _MARGIN
    keys = _legend(graph, {role for found in roles.values() for role in found}, bottom)
    wide = max(max((x for x, _ in at.values()), default=0.0) + step / 2 + _MARGIN, 260.0)
    high = bottom + _LEGEND * len(keys) + _MARGIN / 2
    about = [f"{a} causes {b}" for a, b in graph.directed]
    about += [f"{a} and {b} share a hidden cause" for a, b in graph.bidirected]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}"',
        f'width="{wide:.0f}" height="{high:.0f}" role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title><desc>{escape('; '.join(about))}</desc>",
        f"<style>{_STYLE}</style>{_HEAD}",
    ]
    lines += [_arrow(at[a], at[b], width[a], width[b], is_hidden=False) for a, b in graph.directed]
    lines += [_arrow(at[a], at[b], width[a], width[b], is_hidden=True) for a, b in graph.bidirected]
    for v in graph.nodes:
        x, y = at[v]
        lines.append(
            f'<rect x="{x - width[v] / 2:.1f}" y="{y - _HEIGHT / 2:.1f}" width="{width[v]:.1f}" '
            f'height="{_HEIGHT:.1f}" rx="8" class="{" ".join(roles[v])}"/>'
            f'<text x="{x:.1f}" y="{y:.1f}">{escape(v)}</text>'
        )
    return "\n".join([*lines, *keys, "</svg>", ""])


def _arrow(start: Place, end: Place, from_: float, to: float, *, is_hidden: bool) -> str:
    """Draw from rim to rim; a hidden cause bends and has two heads."""
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1) or 1.0
    bend = 46.0 if is_hidden else (22.0 if y2 - y1 > 1.5 * _STEP else 0.0)
    cx, cy = (x1 + x2) / 2 - bend * (y2 - y1) / length, (y1 + y2) / 2 + bend * (x2 - x1) / length
    a, b = _rim(start, (cx, cy), from_), _rim(end, (cx, cy), to)
    heads = ' marker-end="url(#head)"' + (' marker-start="url(#head)"' if is_hidden else "")
    kind = ' class="hidden"' if is_hidden else ""
    return (
        f'<path d="M{a[0]:.1f} {a[1]:.1f}Q{cx:.1f} {cy:.1f} {b[0]:.1f} {b[1]:.1f}"{kind}{heads}/>'
    )


def _rim(centre: Place, towards: Place, width: float) -> Place:
    """Give the point where a line leaves a node's box."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    part = min(
        (width / 2 + 2) / abs(dx) if dx else 1.0, (_HEIGHT / 2 + 2) / abs(dy) if dy else 1.0, 1.0
    )
    return centre[0] + part * dx, centre[1] + part * dy


def _legend(graph: ADMG, roles: Collection[str], top: float) -> list[str]:
    """Explain what occurs, a line each."""
    texts = []
    if graph.directed:
        texts.append(('<path d="M20 {y}H60" marker-end="url(#head)"/>', "causes"))
    if graph.bidirected:
        heads = 'marker-start="url(#head)" marker-end="url(#head)"'
        texts.append((f'<path d="M20 {{y}}H60" class="hidden" {heads}/>', "share a hidden cause"))
    for role in ("treatment", "outcome", "latent"):
        if role in roles:
            box = f'<rect x="26" y="{{t}}" width="28" height="14" rx="4" class="{role}"/>'
            texts.append((box, "never observed" if role == "latent" else role))
    lines = []
    for i, (mark, text) in enumerate(texts):
        y = top + _LEGEND * i
        lines.append(mark.format(y=f"{y:.1f}", t=f"{y - 7:.1f}")
                     + f'<text class="key" x="70" y="{y:.1f}">{text}</text>')  # fmt: skip
    return lines
