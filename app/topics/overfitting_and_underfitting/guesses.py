"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

CAPACITY = (
    Sketch(
        name="test-error",
        question="Draw the test error by the degree of the polynomial",
        chart="errors",
        series="test",
        points=9,
        why="It falls while the polynomial learns the wave, and rises again once it has room for the noise of the "
        "training points.",
        look=Moment("With the highest degree the curve runs wild between the points."),
    ),
    Guess(
        name="more-points",
        question="Degree 24 with 200 points: how much worse is its test error than that of the best degree?",
        values={"degree": 24, "points": 200, "folds": 5},
        of="last",
        said="the test error of degree 24 over the lowest of all",
        options=(
            Option("Hardly worse", at_most(1.5)),
            Option("A few times as large", between(2, 9)),
            Option("Far worse: degree 24 overfits", at_least(10)),
        ),
        why="Overfitting is not a matter of the degree alone: with many points between its bends, a polynomial has no "
        "room to run wild.",
        look=Moment("The highest degree, and the test error is nearly as low as anywhere."),
    ),
)

CURES = (
    Guess(
        name="strong-penalty",
        question="An L2 strength of 0.1, thirty times the default: what becomes of the training error?",
        values={"penalty": 0.1},
        of="train l2",
        said="the training error with L2 in the last quarter, where the noise alone makes 0.16",
        options=(
            Option("It falls to nearly nothing, as without L2", at_most(0.02)),
            Option("It ends a little below the noise", between(0.03, 0.15)),
            Option("It stays above the noise", at_least(0.16)),
        ),
        why="Such a strong penalty keeps the weights so small that the network cannot even follow the wave: it underfits.",
        look=Moment("The line with L2 is almost straight."),
    ),
)

AUGMENTATION = (
    Guess(
        name="mirrored",
        question="Mirrored digits as further training data: what do they do for unseen digits?",
        values={"change": "mirror"},
        of="gain",
        said="the change in accuracy on unseen digits, each network at its best step",
        options=(
            Option("Much better: more data always helps", at_least(0.1)),
            Option("Next to nothing", between(-0.09, 0.04)),
            Option("Much worse", at_most(-0.1)),
        ),
        why="Nobody writes mirrored digits, so what is learned from them does not help with new ones. A change helps if new"
        " data show it too.",
        look=Moment("The two lines for unseen digits end close together."),
    ),
)

DESCENT = (
    Guess(
        name="beyond-the-peak",
        question="Test error peaks where the features just fit every point. What is it with 1,000 features?",
        of="right",
        said="the test error at the peak over that with 1,000 features",
        options=(
            Option("Higher still: ever more overfitting", at_most(0.9)),
            Option("It stays as high", between(0.95, 1.5)),
            Option("Far lower again", at_least(4)),
        ),
        why="Of all the ways to fit every point, the one with the smallest weights is taken, and with more features there"
        " are smoother ones.",
        look=Moment("To the right of the peak the test error comes down again."),
    ),
)
