"""Tests of `engine.learners`."""
