"""The vocabulary of live charts. A new kind is one class here; the browser draws it without knowing it (`app.charts.base`)."""

from app.charts.bars import Bars, Histogram
from app.charts.base import Axis, Chart, Series, Update
from app.charts.cells import Cells, room
from app.charts.graph import GraphDiagram, GraphNode
from app.charts.grids import ImageGrid, Matrix, SampleGrid
from app.charts.lines import Curves, Lines
from app.charts.listing import Listing
from app.charts.network import NetworkDiagram
from app.charts.plane import Field, Path, Plane, Scatter, grid_of
from app.charts.sequence import SequenceMap, Tokens, lines_of
from app.charts.tree import Tree, TreeNode
from app.charts.working import Working, latex

__all__ = [
    "Axis",
    "Bars",
    "Cells",
    "Chart",
    "Curves",
    "Field",
    "GraphDiagram",
    "GraphNode",
    "Histogram",
    "ImageGrid",
    "Lines",
    "Listing",
    "Matrix",
    "NetworkDiagram",
    "Path",
    "Plane",
    "SampleGrid",
    "Scatter",
    "SequenceMap",
    "Series",
    "Tokens",
    "Tree",
    "TreeNode",
    "Update",
    "Working",
    "grid_of",
    "latex",
    "lines_of",
    "room",
]
