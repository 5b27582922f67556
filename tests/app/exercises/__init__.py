"""Exercises by hand: reading, marking, the sheets, and the engine as the judge of their numbers."""
