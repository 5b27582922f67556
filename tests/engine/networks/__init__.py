"""Tests of `engine.networks`."""
