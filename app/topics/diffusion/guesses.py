"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

SAID = "the share of samples and unseen points that nearest neighbours tell apart"
POINTS = (
    Guess(
        name="loss-that-is-left",
        question="After 200 of 1500 steps samples are still poor. How far will the loss fall from there to the end?",
        of="loss left",
        said="the loss at the end over that at step 200",
        options=(
            Option("To less than a tenth", at_most(0.1)),
            Option("To about a half", between(0.3, 0.6)),
            Option("By a tenth or so", between(0.85, 0.97)),
        ),
        why="Most of the loss cannot be avoided: no network can tell exactly which noise is in a noised point. The "
        "little that can be avoided decides how good samples are.",
        look=Moment("The line of the loss is nearly flat from here.", "step", at_least(200)),
    ),
    Guess(
        name="two-steps",
        question="The network goes from noise to points in two steps. How often are its samples told apart from real ones?",
        values={"sampler_steps": 2},
        of="apart",
        said=SAID,
        options=(
            Option("No more often than by chance: the network is the same", at_most(0.62)),
            Option("About as often as those of a Gaussian", between(0.68, 0.85)),
            Option("Nearly always", at_least(0.9)),
        ),
        why="In pure noise hardly any signal is left, so a small error in the noise is a large one in the point. "
        "Many small steps can correct it; two cannot.",
        look=Moment("Samples lie far from both moons."),
    ),
    Guess(
        name="ten-levels",
        question="Ho et al. used a thousand noise levels. With ten, how often are samples told apart from real points?",
        values={"levels": 10},
        of="apart",
        said=SAID,
        options=(
            Option("Hardly more often than by chance", at_most(0.68)),
            Option("As often as those of a Gaussian, or more", at_least(0.7)),
        ),
        why="Two moons are a simple distribution, and ten levels are enough. Images need more, yet rarely a thousand steps.",
        look=Moment("Samples lie on both moons.", "apart", at_most(0.68)),
    ),
)

AREA = "the area of a class’s cloud, as a share of the real one’s"
GUIDANCE = (
    Guess(
        name="guided-by-two",
        question="Guidance with a weight of 2 makes samples fit their class better. How large is a class’s cloud then?",
        of="area network at 2",
        said=AREA,
        options=(
            Option("As large as the real one: only points of the wrong class go", at_least(0.85)),
            Option("About two thirds of it", between(0.45, 0.8)),
            Option("Less than a quarter", at_most(0.25)),
        ),
        why="Guidance moves every point to where its class is more probable, not only those that would end up in the other "
        "class. So the parts of a class that lie near the other one thin out.",
        look=Moment("The clouds at a weight of 2.", "weight", at_least(2)),
    ),
    Guess(
        name="hardly-any-overlap",
        question="The classes hardly overlap: almost no point could belong to the other. How large is a cloud at a weight of 4?",
        values={"overlap": 0.15},
        of="area network at 4",
        said=AREA,
        options=(
            Option("As large as the real one: there is nothing to sort out", at_least(0.85)),
            Option("About half of it", between(0.35, 0.75)),
        ),
        why="Real points weighted by p(c | x) to the power of 4 would keep nearly all of it. But guidance acts at all noise "
        "levels, and at high ones even these classes overlap.",
        look=Moment("What is left of both moons, beside what would be.", "weight", at_least(4)),
    ),
)

MEMORY = (
    Guess(
        name="twenty-points",
        question="A network learns from twenty points, again and again. How many of its samples are copies of one of them?",
        values={"points": 20},
        of="copies network",
        said="the share of its samples that are copies of a training point",
        options=(
            Option("Most of them: it has seen nothing else", at_least(0.5)),
            Option("Some", between(0.15, 0.45)),
            Option("Hardly any", at_most(0.1)),
        ),
        why="Copies are what the lowest possible loss asks for, and a network of this size stays above it: it fills in "
        "what lies between the points.",
        look=Moment("Its samples lie between the training points, too."),
    ),
)
