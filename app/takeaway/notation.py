"""Mathematical notation without a browser: `app.notation` as it is in a `run.zip`, where LaTeX stays as it was written."""

from __future__ import annotations


def breakable(latex: str) -> str:
    """The formula."""
    return latex
