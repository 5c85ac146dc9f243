"""``cig convert`` and ``cig draw``: models and graphs from one form into another."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.bif import write_bif
from causal_interface_gym.causal.formats.dagitty import write_dagitty
from causal_interface_gym.causal.formats.drawing.pictures import to_mermaid, to_tikz
from causal_interface_gym.causal.formats.drawing.svg import to_svg
from causal_interface_gym.causal.formats.graphs.document import GraphDocument
from causal_interface_gym.causal.formats.graphs.dot import document_to_dot
from causal_interface_gym.causal.formats.graphs.gml import document_to_gml
from causal_interface_gym.causal.formats.graphs.node_link import document_to_node_link
from causal_interface_gym.causal.formats.model_json import graph_to_json, model_to_json
from causal_interface_gym.causal.formats.python_code import to_python
from causal_interface_gym.causal.formats.xmlbif import model_to_xmlbif
from causal_interface_gym.cli.engine.loading import load, load_document
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import FormatError

__all__ = ["convert_command", "draw_command"]

_MODELS: Final[dict[str, Callable[[SCM], str]]] = {
    ".json": model_to_json,
    ".py": to_python,
    ".xml": model_to_xmlbif,
    ".xmlbif": model_to_xmlbif,
}
_GRAPHS: Final[dict[str, Callable[[ADMG], str]]] = {
    ".dagitty": write_dagitty,
    ".json": graph_to_json,
    ".mmd": to_mermaid,
    ".py": to_python,
    ".svg": to_svg,
    ".tex": to_tikz,
    ".txt": write_dagitty,
}
_DOCUMENTS: Final[dict[str, Callable[[GraphDocument], str]]] = {
    ".dot": document_to_dot,
    ".gml": document_to_gml,
    ".gv": document_to_dot,
    ".node-link": document_to_node_link,
}

Source = Annotated[
    str, typer.Argument(help="A scenario id, a graph or model file, or text like 'dag { X -> Y }'.")
]
Target = Annotated[
    Path,
    typer.Argument(
        help="The file to write; its ending says the form: .json .bif .bif.gz .xmlbif .py for "
        "models; .dagitty .dot .gml .node-link .json .py .mmd .tex .svg for graphs."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")]


def convert_command(
    source: Source, target: Target, overwrite: Overwrite = False, as_json: JsonOption = False
) -> None:
    """Write a model or a graph in another form; a model written as a graph loses its numbers."""
    found = _converted(source, target, overwrite=overwrite)
    keeps_numbers = isinstance(found, SCM)
    if as_json:
        n_nodes, n_edges = _size(found)
        emit_json(
            {
                "source": source,
                "target": str(target),
                "keeps_numbers": keeps_numbers,
                "nodes": n_nodes,
                "edges": n_edges,
                "bytes": target.stat().st_size,
            }
        )


def _converted(source: str, target: Path, *, overwrite: bool) -> SCM | ADMG | GraphDocument:
    """Write the file and give what stands in it.

    Raises:
        FormatError: The file is there already, or cannot hold what the source names.
    """
    if target.exists() and not overwrite:
        message = f"{target} is there already; give --overwrite to replace it"
        raise FormatError(message)
    suffix = target.suffix.lower()
    if suffix in _DOCUMENTS:
        is_file = "{" not in source and Path(source).suffix != ""
        document = load_document(Path(source)) if is_file else None
        found = document or GraphDocument.of(_graph(load(source)))
        target.write_text(_DOCUMENTS[suffix](found), "utf-8")
        return found
    model = load(source)
    if isinstance(model, SCM) and suffix in {".bif", ".gz"}:
        write_bif(model, target)
        return model
    if isinstance(model, SCM) and suffix in _MODELS:
        target.write_text(_MODELS[suffix](model), "utf-8")
        return model
    if suffix in _GRAPHS:
        graph = _graph(model)
        target.write_text(_GRAPHS[suffix](graph), "utf-8")
        return graph
    raise FormatError(_no_form(target, model))


def _size(found: SCM | ADMG | GraphDocument) -> tuple[int, int]:
    """Count nodes and edges, latent variables of a model included."""
    if isinstance(found, GraphDocument):
        return len(found.nodes), len(found.edges)
    graph = found.dag if isinstance(found, SCM) else found
    return len(graph.nodes), len(graph.directed) + len(graph.bidirected)


class Picture(StrEnum):
    """The forms of a drawing."""

    svg = "svg"
    mermaid = "mermaid"
    tikz = "tikz"


Form = Annotated[Picture, typer.Option("--as", help="svg, mermaid or tikz.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file.")]
Treatment = Annotated[str, typer.Option("--treatment", help="Mark this node.")]
Outcome = Annotated[str, typer.Option("--outcome", help="Mark this node.")]


def draw_command(
    source: Source,
    form: Form = Picture.svg,
    out: Out = None,
    treatment: Treatment = "",
    outcome: Outcome = "",
    as_json: JsonOption = False,
) -> None:
    """Draw a graph, latent variables of a model included."""
    found = load(source)
    graph = found.dag if isinstance(found, SCM) else found
    for name in (treatment, outcome):
        graph.mask([name] if name else [])
    latent = found.latent if isinstance(found, SCM) else frozenset()
    draw = {Picture.svg: to_svg, Picture.mermaid: to_mermaid, Picture.tikz: to_tikz}[form]
    marks = ([treatment] if treatment else [], [outcome] if outcome else [])
    picture = draw(graph, latent=latent, treatment=marks[0], outcome=marks[1])
    if out is not None:
        out.write_text(picture, "utf-8")
    if as_json:
        written_to = None if out is None else str(out)
        shown = picture if out is None else None
        emit_json({"form": form.value, "file": written_to, "picture": shown})
    elif out is None:
        say(picture.rstrip("\n"))


def _graph(found: SCM | ADMG) -> ADMG:
    return found.graph if isinstance(found, SCM) else found


def _no_form(target: Path, found: SCM | ADMG) -> str:
    kinds = {*_GRAPHS, *_DOCUMENTS}
    if isinstance(found, SCM):
        kinds |= {*_MODELS, ".bif", ".gz"}
    elif target.suffix.lower() in {".bif", ".gz", *_MODELS}:
        return f"a graph has no numbers to write into {target}; write .json, .dagitty or .dot"
    return f"{target} has no known ending; endings are {' '.join(sorted(kinds))}"
