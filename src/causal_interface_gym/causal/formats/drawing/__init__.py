"""Pictures of graphs: Mermaid, TikZ and SVG, all from one layout in layers."""
