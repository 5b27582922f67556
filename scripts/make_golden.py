"""Makes tests/engine/golden.npz: what PyTorch computes, in float64, where `tests/engine/test_golden.py` holds the engine to it.

Forward values, losses, gradients and twenty steps of each optimizer on small fixed networks. The tests read the file and need no
PyTorch; run this only to change or add a case. `pip install torch && python scripts/make_golden.py`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  # PyTorch's own name for it

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "engine" / "golden.npz"

SAMPLES, INPUTS, UNITS, CLASSES, STEPS = 6, 3, 4, 3, 20

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "gelu": lambda z: F.gelu(z, approximate="tanh"),
    "silu": F.silu,
    "softmax": lambda z: torch.softmax(z, dim=-1),
}

LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mean_squared_error": F.mse_loss,
    "mean_absolute_error": F.l1_loss,
    "huber": F.huber_loss,
    "sigmoid_cross_entropy": F.binary_cross_entropy_with_logits,
    "softmax_cross_entropy": F.cross_entropy,
    "hinge": lambda z, t: F.margin_ranking_loss(z, torch.zeros_like(z), 2 * t - 1, margin=1.0),
    "kl_divergence": lambda z, t: F.kl_div(torch.log_softmax(z, -1), (t + 0.2) / 1.6, reduction="batchmean"),
}
"""The hinge is PyTorch's loss of a ranking against zero; its labels are -1 and 1."""

OPTIMIZERS: dict[str, tuple[Callable[..., Any], float | None]] = {
    "sgd": (lambda w: torch.optim.SGD(w, lr=0.1), None),
    "sgd clipped": (lambda w: torch.optim.SGD(w, lr=0.1), 0.05),
    "momentum": (lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9), None),
    "momentum clipped": (lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9), 0.05),
    "nesterov": (lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, nesterov=True), None),
    "adagrad": (lambda w: torch.optim.Adagrad(w, lr=0.1), None),
    "rmsprop": (lambda w: torch.optim.RMSprop(w, lr=0.01), None),
    "adam": (lambda w: torch.optim.Adam(w, lr=0.01), None),
    "adam clipped": (lambda w: torch.optim.Adam(w, lr=0.01), 0.05),
    "adamw": (lambda w: torch.optim.AdamW(w, lr=0.01, weight_decay=0.1), None),
}
"""Name -> how to make it, and the norm that gradients are clipped to."""

Values = dict[str, Any]


def main() -> None:
    """Writes the file: arrays under names such as "adam/values"; arrays are batch-last like the engine's."""
    torch.set_default_dtype(torch.float64)
    given = the_given()
    golden = dict(given)
    tensors = {name: torch.tensor(array) for name, array in given.items()}
    parts = (activations, losses, batch_norm, layer_norm, rms_norm, dropout, minibatch_std, spectral_norm, sequence_cross_entropy)
    for part in (*parts, optimizers, penalties, weight_average, images, sequences, attention, blocks):
        golden |= part(tensors)
    np.savez_compressed(GOLDEN, **golden)
    print(f"{len(golden)} arrays, {GOLDEN.stat().st_size} bytes")


def the_given() -> Values:
    """Inputs, targets and the weights of a network of two layers, each matrix with its bias as the last column."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, SAMPLES)
    return {
        "inputs": rng.normal(size=(INPUTS, SAMPLES)),
        "targets": np.eye(CLASSES)[labels].T,
        "first": rng.normal(size=(UNITS, INPUTS + 1)),
        "second": rng.normal(size=(CLASSES, UNITS + 1)),
        "upstream": rng.normal(size=(UNITS, SAMPLES)),
        "images": rng.normal(size=(2, 6, 5, 3)),
        "filters": rng.normal(size=(4, 2 * 9 + 1)),
        "transposed filters": rng.normal(size=(3 * 16, 2)),
        "sequence": rng.normal(size=(INPUTS, 5, SAMPLES)),
        "symbols": rng.integers(0, 7, (5, SAMPLES)),
        "table": rng.normal(size=(INPUTS, 7)),
        "recurrent": rng.normal(size=(4 * UNITS, UNITS + INPUTS + 1)) * 0.5,
        "tokens": rng.normal(size=(UNITS, SAMPLES, 5)),
        "heads": rng.normal(size=(3 * UNITS, UNITS)),
        "output": rng.normal(size=(UNITS, UNITS)),
        "up": rng.normal(size=(2 * UNITS, UNITS + 1)),
        "down": rng.normal(size=(UNITS, 2 * UNITS + 1)),
        "norms": rng.normal(size=(UNITS, 4)),
    }


def affine(weights: Any, inputs: Any) -> Any:
    """Inputs (n, d) and weights (units, d + 1) as in the engine, with PyTorch's own product."""
    return F.linear(inputs, weights[:, :-1], weights[:, -1])


def activations(given: Values) -> Iterator[tuple[str, Any]]:
    """A dense layer under each activation: values, and the gradients for a given upstream."""
    for name, function in ACTIVATIONS.items():
        inputs, weights = given["inputs"].T.requires_grad_(), given["first"].clone().requires_grad_()
        made = function(affine(weights, inputs))
        slopes = torch.autograd.grad((made * given["upstream"].T).sum(), [weights, inputs])
        yield f"{name}/values", made.T.detach().numpy()
        yield f"{name}/weights", slopes[0].numpy()
        yield f"{name}/inputs", slopes[1].T.numpy()


def losses(given: Values) -> Iterator[tuple[str, Any]]:
    """Each loss of a dense layer's outputs, and its gradients."""
    for name, function in LOSSES.items():
        weights = given["second"].clone().requires_grad_()
        loss = function(affine(weights, given["upstream"].T), given["targets"].T)
        yield f"{name}/loss", loss.detach().numpy()
        yield f"{name}/weights", torch.autograd.grad(loss, weights)[0].numpy()


def batch_norm(given: Values) -> Iterator[tuple[str, Any]]:
    """Three training steps' worth of running statistics, gradients in training mode, values in both modes."""
    layer = nn.BatchNorm1d(UNITS, eps=1e-5, momentum=0.1)
    scale, shift = given["first"][:, 0], given["first"][:, 1]
    layer.load_state_dict({**layer.state_dict(), "weight": scale, "bias": shift})
    inputs = given["upstream"].T.clone().requires_grad_()
    for _ in range(3):
        made = layer(inputs)
    slopes = torch.autograd.grad((made**2 * inputs).sum(), [inputs, layer.weight, layer.bias])
    for name, slope in zip(("inputs", "scale", "shift"), slopes, strict=True):
        yield f"batch_norm/{name}", slope.T.numpy() if slope.ndim > 1 else slope.numpy()[:, None]
    yield "batch_norm/training", made.T.detach().numpy()
    yield "batch_norm/evaluation", layer.eval()(inputs).T.detach().numpy()
    yield "batch_norm/running mean", layer.running_mean.numpy()[:, None]
    yield "batch_norm/running variance", layer.running_var.numpy()[:, None]


def layer_norm(given: Values) -> Iterator[tuple[str, Any]]:
    """Values and gradients of a layer norm over the units of each sample."""
    inputs = given["upstream"].T.clone().requires_grad_()
    scale, shift = (given["first"][:, place].clone().requires_grad_() for place in (0, 1))
    made = F.layer_norm(inputs, (UNITS,), scale, shift, 1e-5)
    slopes = torch.autograd.grad((made**2 * inputs).sum(), [inputs, scale, shift])
    yield "layer_norm/values", made.T.detach().numpy()
    for name, slope in zip(("inputs", "scale", "shift"), slopes, strict=True):
        yield f"layer_norm/{name}", slope.T.numpy() if slope.ndim > 1 else slope.numpy()[:, None]


def rms_norm(given: Values) -> Iterator[tuple[str, Any]]:
    """Values and gradients of an RMS norm over the units of each sample."""
    inputs, scale = given["upstream"].T.clone().requires_grad_(), given["first"][:, 0].clone().requires_grad_()
    made = F.rms_norm(inputs, (UNITS,), scale, 1e-5)
    slopes = torch.autograd.grad((made**2 * inputs).sum(), [inputs, scale])
    yield "rms_norm/values", made.T.detach().numpy()
    yield "rms_norm/inputs", slopes[0].T.numpy()
    yield "rms_norm/scale", slopes[1].numpy()[:, None]


def dropout(given: Values) -> Iterator[tuple[str, Any]]:
    """What PyTorch's own draw of 0 and 1 makes of the units, and its gradient."""
    torch.manual_seed(0)
    inputs = given["upstream"].T.clone().requires_grad_()
    made, kept = torch.native_dropout(inputs, 0.4, train=True)
    yield "dropout/kept", kept.T.numpy().astype(float)
    yield "dropout/values", made.T.detach().numpy()
    yield "dropout/inputs", torch.autograd.grad((made**3).sum(), inputs)[0].T.numpy()
    yield "dropout/evaluation", F.dropout(inputs, 0.4, training=False).T.detach().numpy()


def minibatch_std(given: Values) -> Iterator[tuple[str, Any]]:
    """The extra feature of Karras et al. (2018), which PyTorch has no layer for, and the gradient through it."""
    inputs = given["upstream"].T.clone().requires_grad_()
    spread = (inputs.var(0, unbiased=False) + 1e-8).sqrt().mean()
    made = torch.cat([inputs, spread.expand(SAMPLES, 1)], 1)
    yield "minibatch_std/values", made.T.detach().numpy()
    yield "minibatch_std/inputs", torch.autograd.grad((made**3).sum(), inputs)[0].T.numpy()


def spectral_norm(given: Values) -> Iterator[tuple[str, Any]]:
    """Three training steps' worth of power iterations, from PyTorch's beginning, which starts at the other side of the matrix."""
    torch.manual_seed(0)
    layer = nn.Linear(UNITS, given["filters"].shape[1], bias=False)
    layer.weight.data.copy_(given["filters"].T)
    nn.utils.parametrizations.spectral_norm(layer)
    own = layer.parametrizations.weight
    yield "spectral_norm/begin", own[0]._v.numpy()[:, None].copy()
    for _ in range(3):
        made = layer.weight
    yield "spectral_norm/values", made.T.detach().numpy()
    yield "spectral_norm/weights", torch.autograd.grad((made**3).sum(), own.original)[0].T.numpy()


def sequence_cross_entropy(given: Values) -> Iterator[tuple[str, Any]]:
    """Of a sequence (n, classes, steps) as PyTorch wants it, all steps and with the last two left out."""
    logits = given["sequence"].clone().requires_grad_()
    labels = (given["symbols"] % INPUTS).T
    for name, ignored in (("all", None), ("masked", -100)):
        wanted = labels.clone()
        if ignored is not None:
            wanted[:, -2:] = ignored
        loss = F.cross_entropy(logits.permute(2, 0, 1), wanted)
        yield f"sequence_cross_entropy/{name}", loss.detach().numpy()
        yield f"sequence_cross_entropy/{name} slope", torch.autograd.grad(loss, logits)[0].numpy()


def images(given: Values) -> Iterator[tuple[str, Any]]:
    """Convolutions and poolings of images (channels, height, width, n): values, and gradients of the sum of their squares."""
    size = {"stride": 2, "padding": 1}
    kernels, shift = given["filters"][:, :-1].reshape(4, 2, 3, 3), given["filters"][:, -1]
    turned = given["transposed filters"].reshape(3, 4, 4, 2).permute(3, 0, 1, 2)
    cases: dict[str, tuple[Callable[..., Any], list[Any]]] = {
        "convolution": (F.conv2d, [kernels, shift]),
        "strided convolution": (lambda x, w, b: F.conv2d(x, w, b, **size), [kernels, shift]),
        "transposed convolution": (lambda x, w: F.conv_transpose2d(x, w, **size), [turned]),
        "maximum pool": (lambda x: F.max_pool2d(x, 2), []),
        "overlapping maximum pool": (lambda x: F.max_pool2d(x, 3, 1), []),
        "average pool": (lambda x: F.avg_pool2d(x, 2), []),
        "blur pool": (_blur, []),
        "global average": (lambda x: x.mean((2, 3)), []),
        "global maximum": (lambda x: x.amax((2, 3)), []),
    }
    for name, (function, weights) in cases.items():
        x = given["images"].permute(3, 0, 1, 2).clone().requires_grad_()
        leaves = [weight.clone().requires_grad_() for weight in weights]
        made = function(x, *leaves)
        slopes = torch.autograd.grad((made**2).sum(), [x, *leaves])
        yield f"{name}/values", made.detach().numpy().transpose(*range(1, made.ndim), 0)
        yield f"{name}/images", slopes[0].permute(1, 2, 3, 0).numpy()
        if name == "transposed convolution":
            yield f"{name}/weights", slopes[1].permute(1, 2, 3, 0).reshape(-1, 2).numpy()
        elif weights:
            yield f"{name}/weights", torch.cat([slopes[1].reshape(4, -1), slopes[2][:, None]], 1).numpy()


def _blur(x: Any) -> Any:
    """Zhang's (2019) blur pool, as his code has it: mirrored border, a binomial filter, every second number."""
    row = torch.tensor([1.0, 2.0, 1.0]) / 4
    kernel = torch.outer(row, row).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), kernel, stride=2, groups=x.shape[1])


def sequences(given: Values) -> Iterator[tuple[str, Any]]:
    """Recurrent layers and an embedding. The engine's rows: input, forget, output, candidate; its columns: h, x, bias."""
    table = given["table"].clone().requires_grad_()
    found = F.embedding(given["symbols"], table.T)
    yield "embedding/values", found.permute(2, 0, 1).detach().numpy()
    yield "embedding/table", torch.autograd.grad((found**2).sum(), table)[0].numpy()
    for kind, order in ((nn.RNN, [0]), (nn.GRU, [0, 1, 2]), (nn.LSTM, [0, 1, 3, 2])):
        name = kind.__name__.lower()
        blocks = given["recurrent"].reshape(4, UNITS, -1)[order]
        theirs = blocks.reshape(len(order) * UNITS, -1).clone()
        layer = kind(INPUTS, UNITS)
        state = {"weight_hh_l0": theirs[:, :UNITS], "weight_ih_l0": theirs[:, UNITS:-1], "bias_ih_l0": theirs[:, -1]}
        layer.load_state_dict({**state, "bias_hh_l0": theirs[:, -1] * (0.5 if name == "gru" else 0.0)})
        x = given["sequence"].permute(1, 2, 0).clone().requires_grad_()
        hidden, _ = layer(x)
        slopes = torch.autograd.grad((hidden**2).sum(), [x, *layer.parameters()])
        yield f"{name}/hidden", hidden.permute(2, 0, 1).detach().numpy()
        yield f"{name}/inputs", slopes[0].permute(2, 0, 1).numpy()
        back = torch.argsort(torch.tensor(order))
        x_slope, h_slope, bias_slope, state_slope = (
            slope.reshape(len(order), UNITS, -1)[back].reshape(len(order) * UNITS, -1)
            for slope in (slopes[1], slopes[2], slopes[3], slopes[4])
        )
        if name == "gru":
            yield "gru/state weights", torch.cat([h_slope, state_slope], 1).numpy()
            yield "gru/input weights", torch.cat([x_slope, bias_slope], 1).numpy()
        else:
            yield f"{name}/weights", torch.cat([h_slope, x_slope, bias_slope], 1).numpy()


def attention(given: Values) -> Iterator[tuple[str, Any]]:
    """Two heads on tokens (units, n, steps), each seeing all tokens or those before it, by PyTorch's own attention."""
    for name, causal in (("attention", False), ("causal attention", True)):
        leaves = [given[key].clone().requires_grad_() for key in ("tokens", "heads", "output")]
        tokens, heads, output = leaves
        parts = (tokens.permute(1, 2, 0) @ heads.T).chunk(3, -1)
        q, k, v = (part.unflatten(-1, (2, UNITS // 2)).transpose(1, 2) for part in parts)
        taken = F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).flatten(-2)
        made = (taken @ output.T).permute(2, 0, 1)
        yield f"{name}/values", made.detach().numpy()
        for part, slope in zip(("tokens", "weights", "output"), torch.autograd.grad((made**3).sum(), leaves), strict=True):
            yield f"{name}/{part}", slope.numpy()


def blocks(given: Values) -> Iterator[tuple[str, Any]]:
    """PyTorch's own encoder layer, causal, its norms before or after; its attention's biases, which ours lacks, are zero."""
    scales, up, down = given["norms"].T, given["up"], given["down"]
    state = {
        "self_attn.in_proj_weight": given["heads"],
        "self_attn.in_proj_bias": torch.zeros(3 * UNITS),
        "self_attn.out_proj.weight": given["output"],
        "self_attn.out_proj.bias": torch.zeros(UNITS),
        "linear1.weight": up[:, :-1],
        "linear1.bias": up[:, -1],
        "linear2.weight": down[:, :-1],
        "linear2.bias": down[:, -1],
        **{f"norm{1 + place // 2}.{('weight', 'bias')[place % 2]}": scales[place] for place in range(4)},
    }
    mask = nn.Transformer.generate_square_subsequent_mask(given["tokens"].shape[-1])
    for norm in ("pre", "post"):
        layer = nn.TransformerEncoderLayer(UNITS, 2, 2 * UNITS, 0.0, batch_first=True, norm_first=norm == "pre")
        layer.load_state_dict(state)
        tokens = given["tokens"].clone().requires_grad_()
        made = layer(tokens.permute(1, 2, 0), mask, is_causal=True).permute(2, 0, 1)
        leaves = [tokens, layer.self_attn.in_proj_weight, layer.linear1.weight, layer.norm1.weight, layer.norm2.bias]
        yield f"{norm} block/values", made.detach().numpy()
        slopes = torch.autograd.grad((made**3).sum(), leaves)
        for part, slope in zip(("tokens", "weights", "up", "first scale", "second shift"), slopes, strict=True):
            yield f"{norm} block/{part}", slope.numpy() if slope.ndim > 1 else slope.numpy()[:, None]


def clip(first: Any, second: Any, norm: float) -> None:
    """As Pascanu et al. (2013) have it; `clip_grad_norm_` divides by the norm plus 1e-6, which lands a little short."""
    length = nn.utils.get_total_norm([first, second])
    if length > norm:
        first.mul_(norm / length)
        second.mul_(norm / length)


def optimizers(given: Values) -> Iterator[tuple[str, Any]]:
    """Twenty steps of each optimizer on a tanh network: the loss before each, and the weights after all."""
    for name, (make, clip_norm) in OPTIMIZERS.items():
        first, second = (given[key].clone().requires_grad_() for key in ("first", "second"))
        optimizer, seen = make([first, second]), []
        for _ in range(STEPS):
            loss = F.cross_entropy(affine(second, torch.tanh(affine(first, given["inputs"].T))), given["targets"].T)
            optimizer.zero_grad()
            loss.backward()
            if clip_norm is not None:
                clip(first.grad, second.grad, clip_norm)
            optimizer.step()
            seen.append(loss.item())
        yield f"{name}/losses", np.array(seen)
        yield f"{name}/first", first.detach().numpy()
        yield f"{name}/second", second.detach().numpy()


def penalties(given: Values) -> Iterator[tuple[str, Any]]:
    """Twenty steps of gradient descent with an L1 penalty in the loss, and with the weight decay that an L2 penalty comes to."""
    for name, decay, lasso in (("l1_penalty", 0.0, 0.05), ("l2_penalty", 0.05, 0.0)):
        first, second = (given[key].clone().requires_grad_() for key in ("first", "second"))
        optimizer = torch.optim.SGD([first, second], lr=0.1, weight_decay=decay)
        for _ in range(STEPS):
            loss = F.cross_entropy(affine(second, torch.tanh(affine(first, given["inputs"].T))), given["targets"].T)
            loss = loss + lasso * (first.abs().sum() + second.abs().sum())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        yield f"{name}/first", first.detach().numpy()
        yield f"{name}/second", second.detach().numpy()


def weight_average(given: Values) -> Iterator[tuple[str, Any]]:
    """What `AveragedModel` keeps beside the weights in twenty steps of gradient descent."""
    own = nn.ParameterList([given["first"].clone(), given["second"].clone()])
    average = torch.optim.swa_utils.AveragedModel(own, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
    average.update_parameters(own)  # the first time it only takes them over
    optimizer = torch.optim.SGD(own.parameters(), lr=0.1)
    for _ in range(STEPS):
        loss = F.cross_entropy(affine(own[1], torch.tanh(affine(own[0], given["inputs"].T))), given["targets"].T)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average.update_parameters(own)
    for name, kept in zip(("first", "second"), average.parameters(), strict=True):
        yield f"weight_average/{name}", kept.detach().numpy()


if __name__ == "__main__":
    main()
