"""Learners that need no graph: Boltzmann machines, trees, ensembles of them, linear models. Arrays in, arrays out."""
