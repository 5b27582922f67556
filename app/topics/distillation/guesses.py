"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

UNSEEN = (
    Guess(
        name="never-saw-a-three",
        question="A student learns from a teacher’s soft answers, and is shown no 3. How many 3s does it recognize?",
        of="soft",
        said="the share of 3s that are named 3",
        options=(
            Option("None: it has never seen one", at_most(0.05)),
            Option("Most of them", at_least(0.6)),
        ),
        why="A soft answer tells how much an image looks like a 3, and from many such answers a student learns what a 3 is.",
        look=Moment("Most 3s are named 3, as the blue line shows.", "soft", at_least(0.6)),
    ),
    Guess(
        name="temperature-one",
        question="The same at a temperature of 1, where the teacher’s answers are nearly sure: how many 3s?",
        values={"temperature": 1.0},
        of="soft",
        said="the share of 3s that are named 3",
        options=(Option("As many: the answers come from the same teacher", at_least(0.6)), Option("Hardly any", at_most(0.4))),
        why="At 1 the wrong classes get next to no probability, and the differences between them are lost.",
        look=Moment("The blue line stays low."),
    ),
)

FEW = (
    Guess(
        name="sixty-images",
        question="Two students get the same sixty images, one with labels, one with soft answers. Which reads more unseen ones?",
        of="over hard",
        said="the share of unseen images that soft answers are ahead by",
        options=(
            Option("They are level: the images are the same", between(-0.02, 0.015)),
            Option("The one with soft answers", at_least(0.02)),
        ),
        why="Each soft answer says how near ten classes are; a label names only one.",
        look=Moment("The blue line is above the red one."),
    ),
    Guess(
        name="all-labels",
        question="Now all 1397 images have labels. Is the student with soft answers still ahead by 5 points or more?",
        values={"images": 1397},
        of="over hard",
        said="the share of unseen images that soft answers are ahead by",
        options=(
            Option("Yes", at_least(0.05)),
            Option("No: the two are close", between(-0.04, 0.04)),
        ),
        why="With enough labels, the images show by themselves which digits are near each other.",
        look=Moment("The two lines lie close together."),
    ),
)
