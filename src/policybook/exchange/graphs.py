"""Export every network of a suite as GraphML or GEXF, with attributes and weights.

The surprising rule: a node of the two-mode network is named `speaker:…` or `instrument:…`,
because a speaker and an instrument may share an id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policybook.exchange.draft import ROWS
from policybook.exchange.held import Held
from policybook.exchange.markup import HEAD, element, lawful, text

if TYPE_CHECKING:
    import pandas as pd

    from policybook.measures.affiliation import Affiliation
    from policybook.suite import Suite

COUNT = "courses"
"""The counting rule of every network, the suite's own default."""

Attributes = dict[str, Any]

_GRAPHML = {str: "string", bool: "boolean", int: "long", float: "double"}
_COUNTED = (
    "id",
    "article",
    "voice",
    "speaker",
    "instrument",
    "stance",
    "course",
    "repeat_of",
    "addressee",
)
"""Columns of which a network's numbers are made."""


@dataclass(slots=True)
class Graph:
    """A network: nodes by id, edges from one to another, each with its attributes."""

    name: str
    directed: bool
    nodes: dict[str, Attributes] = field(default_factory=dict)
    edges: list[tuple[str, str, Attributes]] = field(default_factory=list)


def graphs(suite: Suite) -> list[Graph]:
    """Return the networks of a suite.

    `speakers-instruments`: who speaks on what, how often for and against (`weight` = all).
    `speakers`, `instruments`: who shares what (`weight` = congruence), as in DNA.
    `asked`: who asks whom to act (`weight` = courses of action).
    """
    from policybook.measures.addressees import flows  # noqa: PLC0415  (pandas: half a second)
    from policybook.measures.affiliation import affiliation  # noqa: PLC0415
    from policybook.measures.networks import two_mode  # noqa: PLC0415

    network = affiliation(suite.rows, articles=suite.articles, count=COUNT)
    both = Graph("speakers-instruments", directed=False)
    for of in ("speaker", "instrument"):
        for name, said in _nodes(suite, network, of):
            both.nodes[f"{of}:{name}"] = {**said, "mode": of}
    for line in _lines(two_mode(network)):
        ends = f"speaker:{line.pop('speaker')}", f"instrument:{line.pop('instrument')}"
        both.edges.append((*ends, {"weight": line["ignore"], **line}))
    asked = Graph("asked", directed=True)
    for line in _lines(flows(suite.rows, by=("speaker", "addressee"), rule=COUNT)):
        if line["addressee"] and line["speaker"]:
            for one in (line["speaker"], line["addressee"]):
                asked.nodes.setdefault(one, _actor(suite, one))
            said = {"weight": line["units"], "articles": line["articles"]}
            asked.edges.append((line["speaker"], line["addressee"], said))
    return [both, *(_projected(suite, network, of) for of in ("speaker", "instrument")), asked]


def _projected(suite: Suite, network: Affiliation, of: str) -> Graph:
    """Return the network of speakers, or of instruments, that share something."""
    from policybook.measures.networks import projection  # noqa: PLC0415

    graph = Graph(f"{of}s", directed=False, nodes=dict(_nodes(suite, network, of)))
    for line in _lines(projection(network, of=of)):
        graph.edges.append((line.pop("a"), line.pop("b"), line))
    return graph


def _nodes(suite: Suite, network: Affiliation, of: str) -> Iterator[tuple[str, Attributes]]:
    """Yield the nodes of a mode with what is known of each."""
    from policybook.measures.networks import nodes  # noqa: PLC0415

    for line in _lines(nodes(network, of=of)):
        name = line.pop("id")
        known = _actor(suite, name) if of == "speaker" else {
            "label": lawful(suite.book.label("instrument", name)), "code": name,
        }  # fmt: skip
        yield name, {**known, **line}


def _actor(suite: Suite, name: str) -> Attributes:
    """Return what the codebook says of an actor."""
    value = suite.book.values("actor").get(name)
    kind = str(value.extra.get("kind", "")) if value else ""
    return {"label": lawful(suite.book.label("actor", name)), "code": name, "kind": lawful(kind)}


def _lines(table: pd.DataFrame) -> Iterator[Attributes]:
    """Yield the lines of a table as plain values, without lists of rows."""
    plain = table.drop(columns=["rows"], errors="ignore")
    for record in plain.to_dict("records"):
        yield {
            str(key): value.item() if hasattr(value, "item") else value
            for key, value in record.items()
        }


def made(held: Held, form: str) -> dict[str, bytes]:
    """Return a file for each network in `graphml` or `gexf`, and name what no network holds."""
    from policybook.suite import open_suite  # noqa: PLC0415  (pandas: half a second)

    suite = open_suite(held.material.root)
    write = graphml if form == "graphml" else gexf
    _name_losses(held)
    return {f"{graph.name}.{form}": write(graph) for graph in graphs(suite)}


def _name_losses(held: Held) -> None:
    """Name what no network holds."""
    for column in held.book.columns["recommendations"]:
        if column not in _COUNTED:
            held.losses.dropped(ROWS, "a network counts rows and holds none of them", column=column)
    for column in _COUNTED:
        held.losses.changed(ROWS, "rows are counted into weights", column=column)
    for row in held.rows:
        if row.cells.get("status", "").strip():
            held.losses.dropped(ROWS, "a draft is not counted", row=row.cells["id"].strip())
    held.leave("no network holds it, but for the labels of its nodes", but=(ROWS,))


def graphml(graph: Graph) -> bytes:
    """Return a network as GraphML."""
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    body = [
        element("node", {"id": name}, _data(keys, "node", said))
        for name, said in graph.nodes.items()
    ]
    for source, target, said in graph.edges:
        body.append(
            element("edge", {"source": source, "target": target}, _data(keys, "edge", said))
        )
    head = [
        element("key", {"id": key, "for": of, "attr.name": name, "attr.type": kind})
        for (of, name), (key, kind) in keys.items()
    ]
    default = "directed" if graph.directed else "undirected"
    inside = element("graph", {"id": graph.name, "edgedefault": default}, body)
    space = {"xmlns": "http://graphml.graphdrawing.org/xmlns"}
    return f"{HEAD}{element('graphml', space, [*head, inside])}\n".encode()


def _data(
    keys: dict[tuple[str, str], tuple[str, str]], of: str, said: Mapping[str, Any]
) -> list[str]:
    """Return the attributes of a node or an edge, declaring each at its first use."""
    for name, value in said.items():
        keys.setdefault((of, name), (f"{of[0]}{len(keys)}", _GRAPHML[type(value)]))
    return [element("data", {"key": keys[of, n][0]}, text(_written(v))) for n, v in said.items()]


def _written(value: object) -> str:
    """Return a value as XML Schema writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def gexf(graph: Graph) -> bytes:
    """Return a network as GEXF 1.2, which Gephi and networkx read."""
    nodes: dict[str, tuple[int, str]] = {}
    edges: dict[str, tuple[int, str]] = {}
    points = [
        element("node", {"id": name, "label": said["label"]}, _values(nodes, said))
        for name, said in graph.nodes.items()
    ]
    ties = [
        element(
            "edge",
            {"id": number, "source": a, "target": b, "weight": said["weight"]},
            _values(edges, {k: v for k, v in said.items() if k != "weight"}),
        )
        for number, (a, b, said) in enumerate(graph.edges)
    ]
    kind = {"defaultedgetype": "directed" if graph.directed else "undirected", "mode": "static"}
    declared = [_declared("node", nodes), _declared("edge", edges)]
    body = [*filter(None, declared), element("nodes", {}, points), element("edges", {}, ties)]
    space = {"xmlns": "http://www.gexf.net/1.2draft", "version": "1.2"}
    return f"{HEAD}{element('gexf', space, [element('graph', kind, body)])}\n".encode()


def _values(known: dict[str, tuple[int, str]], said: Mapping[str, Any]) -> list[str]:
    """Return the attributes of a node or an edge, declaring each at its first use."""
    for name, value in said.items():
        known.setdefault(name, (len(known), _GRAPHML[type(value)]))
    cells = [
        element("attvalue", {"for": known[name][0], "value": _written(value)})
        for name, value in said.items()
    ]
    return [element("attvalues", {}, cells)] if cells else []


def _declared(of: str, known: Mapping[str, tuple[int, str]]) -> str:
    """Return the declaration of attributes, nothing where there are none."""
    cells = [
        element("attribute", {"id": number, "title": name, "type": kind})
        for name, (number, kind) in known.items()
    ]
    return element("attributes", {"class": of}, cells) if cells else ""


def export_graphml(held: Held) -> dict[str, bytes]:
    """Return a GraphML file for each network."""
    return made(held, "graphml")


def export_gexf(held: Held) -> dict[str, bytes]:
    """Return a GEXF file for each network."""
    return made(held, "gexf")
