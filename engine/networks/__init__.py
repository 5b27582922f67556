"""What networks are made of: layers and their relatives, losses, optimizers, schedules; all of it nodes of `engine.graph`.

Read after the engine's core (graph to session); nothing there imports anything here.
"""
