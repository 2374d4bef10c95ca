"""Export every network of a suite as GraphML or GEXF, with attributes, weights and what was counted.

The weight of an edge is the plain one; each normalisation stands beside it under its own name.
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
from policybook.exchange.options import Counting

if TYPE_CHECKING:
    import pandas as pd

    from policybook.measures.affiliation import Affiliation
    from policybook.suite import Selection, Suite

COUNT, VOICES = "courses", "both"
"""The counting rule and the voices of every network where nobody asks for others, as in notebooks."""

BY_QUALIFIER = "stance: supports +1, opposes -1; only statements of one stance are counted once"
"""The qualifier rule of the networks of statements, in words that a graph carries."""

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
    """A network: nodes by id, edges from one to another, each with its attributes.

    `said` are the attributes of the whole: what was counted, whose, and what a weight is.
    """

    name: str
    directed: bool
    said: Attributes
    nodes: dict[str, Attributes] = field(default_factory=dict)
    edges: list[tuple[str, str, Attributes]] = field(default_factory=list)


def graphs(suite: Suite, *, voices: str = VOICES, count: str = COUNT) -> list[Graph]:
    """Return the networks of a suite, counted by a rule, of some voices or of all.

    `speakers-instruments`: who speaks on what, how often for and against (`weight` = all;
    `activity` and `prominence` = it, normalised).
    `speakers`, `instruments`: who shares what (`weight` = congruence), as in DNA; under the name
    of each normalisation the weight by it, under `norm_…` what it divides by.
    `asked`: who asks whom to act (`weight` = units by the counting rule).
    ParameterError for unknown voices or an unknown rule.
    """
    from policybook.measures.affiliation import affiliation  # noqa: PLC0415

    chosen = suite.select(voices=voices, count=count)
    network = affiliation(chosen.rows, articles=chosen.articles, count=count)
    both = _spoken(chosen, network)
    folded = (_projected(chosen, network, of) for of in ("speaker", "instrument"))
    return [both, *folded, _asked(chosen)]


def _said(selection: Selection, **more: str) -> Attributes:
    """Return what holds for a whole network: whose recommendations are counted, and how."""
    from policybook.suite import COUNTING  # noqa: PLC0415

    count, voices = str(selection.asked["count"]), str(selection.asked["voices"])
    first = ", by the first possible day of publication" if count == "periods" else ""
    return {"count": count, "counted_in": f"{COUNTING[count]}{first}", "voices": voices, **more}


def _spoken(selection: Selection, network: Affiliation) -> Graph:
    """Return the network of speakers and instruments."""
    from policybook.measures.networks import two_mode  # noqa: PLC0415

    said = _said(selection, qualifier=BY_QUALIFIER, weight="ignore", normalisation="none")
    graph = Graph("speakers-instruments", directed=False, said=said)
    for of in ("speaker", "instrument"):
        for name, known in _nodes(selection.suite, network, of):
            graph.nodes[f"{of}:{name}"] = {**known, "mode": of}
    edges = two_mode(network)
    for name in ("activity", "prominence"):
        edges[name] = two_mode(network, normalisation=name)["ignore"].astype(float)
    for line in _lines(edges):
        ends = f"speaker:{line.pop('speaker')}", f"instrument:{line.pop('instrument')}"
        graph.edges.append((*ends, {"weight": line["ignore"], **line}))
    return graph


def _projected(selection: Selection, network: Affiliation, of: str) -> Graph:
    """Return the network of speakers, or of instruments, that share something."""
    from policybook.measures.networks import NORMALISATIONS, projection  # noqa: PLC0415

    said = _said(selection, qualifier=BY_QUALIFIER, weight="congruence", normalisation="none")
    nodes = dict(_nodes(selection.suite, network, of))
    graph = Graph(f"{of}s", directed=False, said=said, nodes=nodes)
    edges = projection(network, of=of)
    edges["norm"] = edges["norm"].astype(float)  # a number like every other norm, though always one
    for name in NORMALISATIONS:
        by = projection(network, of=of, normalisation=name)
        edges[name] = by["weight"].astype(float)
        if name != "none":
            edges[f"norm_{name}"] = by["norm"].astype(float)
    for line in _lines(edges):
        graph.edges.append((line.pop("a"), line.pop("b"), line))
    return graph


def _asked(selection: Selection) -> Graph:
    """Return the network of those who ask and those who are asked."""
    from policybook.measures.addressees import flows  # noqa: PLC0415

    rule = str(selection.asked["count"])
    said = _said(selection, qualifier="none: what is asked may be for or against", weight="units")
    graph = Graph("asked", directed=True, said={**said, "normalisation": "none"})
    for line in _lines(flows(selection.rows, by=("speaker", "addressee"), rule=rule)):
        if line["addressee"] and line["speaker"]:
            for one in (line["speaker"], line["addressee"]):
                graph.nodes.setdefault(one, _actor(selection.suite, one))
            tie = {"weight": line["units"], "articles": line["articles"]}
            graph.edges.append((line["speaker"], line["addressee"], tie))
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


def made(held: Held, form: str, asked: Counting) -> dict[str, bytes]:
    """Return a file for each network in `graphml` or `gexf`, and name what no network holds."""
    from policybook.suite import open_suite  # noqa: PLC0415  (pandas: half a second)

    suite = open_suite(held.material.root)
    write = graphml if form == "graphml" else gexf
    voices, count = asked.voices or VOICES, asked.count or COUNT
    networks = graphs(suite, voices=voices, count=count)
    _name_losses(held)
    _name_unheard(held, suite, voices)
    return {f"{graph.name}.{form}": write(graph) for graph in networks}


def _name_unheard(held: Held, suite: Suite, voices: str) -> None:
    """Name every row that is not counted for its voice."""
    every = suite.rows["id"]
    for row in every[~every.isin(suite.select(voices=voices).rows["id"])]:
        held.losses.dropped(
            ROWS, f"only recommendations of one voice are counted: {voices}", row=row
        )


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
    body = _data(keys, "graph", graph.said)
    body += [
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
    """Return the attributes of a node, an edge or a graph, declaring each at its first use."""
    for name, value in said.items():
        keys.setdefault((of, name), (f"{of[0]}{len(keys)}", _GRAPHML[type(value)]))
    return [element("data", {"key": keys[of, n][0]}, text(_written(v))) for n, v in said.items()]


def _written(value: object) -> str:
    """Return a value as XML Schema writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def gexf(graph: Graph) -> bytes:
    """Return a network as GEXF 1.2, which Gephi and networkx read.

    It has no attributes for a whole network: those stand in the description, one a line.
    """
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
    told = text("\n".join(f"{name}: {value}" for name, value in graph.said.items()))
    meta = [element("creator", {}, "policybook"), element("description", {}, told)]
    inside = [element("meta", {}, meta), element("graph", kind, body)]
    return f"{HEAD}{element('gexf', space, inside)}\n".encode()


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


def export_graphml(held: Held, asked: Counting) -> dict[str, bytes]:
    """Return a GraphML file for each network."""
    return made(held, "graphml", asked)


def export_gexf(held: Held, asked: Counting) -> dict[str, bytes]:
    """Return a GEXF file for each network."""
    return made(held, "gexf", asked)
