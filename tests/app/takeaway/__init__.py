"""Tests, mirroring the tree of the code."""
