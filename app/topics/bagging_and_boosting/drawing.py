"""How this topic draws a grown tree: its first levels, question by question; what is deeper is drawn as an answer already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.charts import TreeNode
from engine import Array
from engine.learners.trees import LEAF, Tree

Answer = Callable[[Array], tuple[str, int]]
"""What a leaf of values (k,) says, and the class whose colour it has."""


def nodes_of(tree: Tree, names: Sequence[str], levels: int, answer: Answer) -> list[TreeNode]:
    """The nodes down to `levels` splits below the root, parents first; `names` of the features stand in the questions."""
    parents = np.full(tree.feature.size, LEAF)
    inner = np.flatnonzero(tree.feature != LEAF)
    parents[tree.left[inner]] = parents[tree.right[inner]] = inner
    shown = np.flatnonzero(tree.depths <= levels)
    places = {int(node): place for place, node in enumerate(shown)} | {LEAF: LEAF}
    drawn = []
    for node in shown:
        parent = places[int(parents[node])]
        if tree.feature[node] != LEAF and tree.depths[node] < levels:
            question = f"{names[tree.feature[node]]} ≤ {tree.threshold[node]:.3g}".replace("-", "−")
            drawn.append(TreeNode(parent, question))
        else:
            drawn.append(TreeNode(parent, *answer(tree.values[:, node])))
    return drawn
