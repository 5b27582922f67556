"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most

UNSEEN = (
    Guess(
        name="never-saw-a-three",
        question="A student learns from a teacher’s soft answers, and is shown no 3. How many 3s does it name?",
        of="soft",
        said="the share of 3s that are named 3",
        options=(
            Option("None: it has never seen one", at_most(0.05)),
            Option("Most of them", at_least(0.6)),
        ),
        why="A soft answer says of every image how much it looks like a 3, and from many of them a student learns what a 3 is.",
        look=Moment("The blue line.", "soft", at_least(0.6)),
    ),
    Guess(
        name="temperature-one",
        question="The same at a temperature of 1, where the teacher’s answers are nearly sure: how many 3s?",
        values={"temperature": 1.0},
        of="soft",
        said="the share of 3s that are named 3",
        options=(Option("As many: the answers come from the same teacher", at_least(0.6)), Option("Hardly any", at_most(0.4))),
        why="At 1 the wrong classes have next to no probability, and what tells them apart is lost in it.",
        look=Moment("The blue line stays low."),
    ),
)
