"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Highest, Lowest, Moment, Option, at_least, at_most, between, either

COMPANIONS = (
    Guess(
        name="batches-of-two",
        question="Three networks learn digits in batches of two. Which gets the fewest unseen digits right in the end?",
        of=Lowest(("none", "batch", "layer")),
        said="the shares of unseen digits right: without a norm, batch norm, layer norm",
        options=either("The one without a norm", "The one with batch norm", "The one with layer norm"),
        why="Of a unit’s values for two digits, batch norm leaves little more than which one is larger. What is left of a digit "
        "depends on the other one, and in evaluation the running statistics make the network a different function.",
        look=Moment("The green line stays low."),
    ),
    Guess(
        name="batches-of-32",
        question="In batches of 32, how many unseen digits does the network with batch norm get right?",
        values={"batch_size": 32},
        of="batch",
        said="the share of unseen digits that batch norm has right",
        options=(
            Option("About half", at_most(0.6)),
            Option("Most, but clearly fewer than with layer norm", between(0.65, 0.92)),
            Option("Nearly all, as with layer norm", at_least(0.93)),
        ),
        why="The mean and variance of 32 digits are close to those of all digits, so one digit’s companions hardly matter.",
        look=Moment("The lines have come together.", "batch", at_least(0.93)),
    ),
)

DEPTH = (
    Guess(
        name="the-last-of-twelve",
        question="Twelve untrained blocks. How large is the last one’s gradient with post-norm, compared with pre-norm?",
        of="ratio at 12",
        said="the last block’s gradient with the norm after the sum, over that with the norm before",
        options=(
            Option("Smaller: everything is normalized once more", at_most(0.8)),
            Option("About as large", between(0.85, 1.3)),
            Option("Larger", at_least(1.4)),
        ),
        why="With the norm before, the sum grows from block to block, and the last norm divides by its size: each block counts "
        "for less the more there are. With the norm after, the last block’s share stays as it is.",
        look=Moment("Compare the right ends of the two lines, at twelve blocks."),
    ),
)

CAUSAL = (
    Guess(
        name="one-sentence",
        question="One sentence per batch: where does batch norm’s loss on unseen sentences end, in training mode?",
        of="training",
        said="nats per word above the best that is possible without looking ahead",
        options=(
            Option("Above the best that is possible", at_least(0.02)),
            Option("At just that", between(-0.019, 0.019)),
            Option("Below it", at_most(-0.02)),
        ),
        why="The mean and variance of a sentence tell something about its words still to come, and the decoder learns to use it. "
        "In evaluation mode the running statistics tell nothing of the kind, and the loss is higher than layer norm’s.",
        look=Moment("The line of training mode has crossed the dotted one.", "training", at_most(-0.02)),
    ),
    Guess(
        name="another-ending",
        question="One of 32 sentences gets another ending. What happens to batch norm’s logits before it?",
        values={"batch_size": 32},
        of="batch change",
        said="the largest change of a logit before the new ending",
        options=(
            Option("Nothing: the mask hides what is still to come", at_most(1e-6)),
            Option("They change a little", between(0.01, 0.3)),
            Option("They change by one or more", at_least(1)),
        ),
        why="The mask is in attention alone. Batch norm takes its statistics over all words of the batch, and these "
        "include the new ones.",
        look=Moment("The bars of batch norm are low, but not at zero."),
    ),
)

TRAINING = (
    Guess(
        name="six-blocks",
        question="Six blocks, Adam at a high rate. Which stack has the highest loss in the end?",
        of=Highest(("post", "warm", "pre")),
        said="nats per word above the best: post-norm at the full rate, post-norm with a warm-up, pre-norm at the full rate",
        options=either("Post-norm at the full rate", "Post-norm with a warm-up", "Pre-norm at the full rate"),
        why="Adam’s first steps are as large as the rate allows, whatever the gradient, and each block’s change shifts what all "
        "later ones get. A post-norm stack amplifies such changes (Liu et al., 2020). A warm-up keeps the first ones small.",
        look=Moment("One line stays near the dotted one."),
    ),
    Guess(
        name="two-blocks",
        question="Now two blocks. Where does post-norm at the full rate end?",
        values={"depth": 2},
        of="post",
        said="nats per word above the best, post-norm at the full rate",
        options=(
            Option("Near the best that is possible", at_most(0.08)),
            Option("Half-way", between(0.3, 1.2)),
            Option("With word frequencies alone", at_least(1.4)),
        ),
        why="Changes add up from block to block, and two blocks are few: a rate too high for six is not too high for two.",
        look=Moment("The three lines are close together."),
    ),
)
