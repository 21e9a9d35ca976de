"""Records what PyTorch computes from weights and batches that depend on nothing but the formulas below.

Usage: python bench/golden.py > src/engine/golden.json
The tests replay the same weights and batches and expect the same losses (src/engine/golden.test.ts).
"""

import json
import math

import torch
from torch import nn

torch.set_num_threads(1)


def wave(shape, phase, scale):
    """scale * sin(12.9898 * (i + 1) + phase), rounded to 1/1024 so that any float type holds it exactly."""
    n = math.prod(shape)
    return torch.tensor([round(scale * math.sin(12.9898 * (i + 1) + phase) * 1024) / 1024 for i in range(n)]).reshape(shape)


ITEMS, FEATURES, HIDDEN, CLASSES, BATCH, STEPS = 24, 5, 7, 3, 8, 10
x = wave((ITEMS, FEATURES), 0.1, 2)
labels = torch.tensor([(7 * i) % CLASSES for i in range(ITEMS)])
targets = wave((ITEMS, 2), 0.7, 3)
targets[3, 0] = targets[9, 1] = targets[10, 0] = targets[10, 1] = float("nan")


def mlp(outputs):
    model = nn.Sequential(nn.Linear(FEATURES, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, outputs))
    with torch.no_grad():
        # The tests keep kernels as [inputs, outputs].
        model[0].weight.copy_(wave((FEATURES, HIDDEN), 1, 0.5).T)
        model[0].bias.copy_(wave((HIDDEN,), 2, 0.1))
        model[2].weight.copy_(wave((HIDDEN, outputs), 3, 0.5).T)
        model[2].bias.copy_(wave((outputs,), 4, 0.1))
    return model


def cross_entropy(model, index):
    return nn.functional.cross_entropy(model(x[index]), labels[index])


def masked_mse(model, index):
    y = targets[index]
    present = ~torch.isnan(y)
    # Normalised by offset 0.5 and scale 2, as in the test.
    error = (model(x[index]) - (torch.nan_to_num(y) - 0.5) / 2)[present]
    return (error**2).mean()


def train(outputs, loss_of, make_optimizer):
    model = mlp(outputs)
    optimizer = make_optimizer(model.parameters())
    losses = []
    for step in range(STEPS):
        index = torch.tensor([(step * BATCH + 5 * k) % ITEMS for k in range(BATCH)])
        optimizer.zero_grad()
        loss = loss_of(model, index)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


OPTIMIZERS = {
    "sgd": ({"kind": "sgd", "momentum": 0}, 0.1, lambda p: torch.optim.SGD(p, lr=0.1)),
    "sgd momentum": ({"kind": "sgd", "momentum": 0.9}, 0.05, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    "sgd nesterov": (
        {"kind": "sgd", "momentum": 0.8, "nesterov": True},
        0.05,
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    ),
    "adam": ({"kind": "adam"}, 0.01, lambda p: torch.optim.Adam(p, lr=0.01)),
    "adam epsilon": (
        {"kind": "adam", "beta1": 0.7, "beta2": 0.9, "epsilon": 0.01},
        0.05,
        lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.7, 0.9), eps=0.01),
    ),
    "adamw": ({"kind": "adamw", "weightDecay": 0.1}, 0.02, lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1)),
    "rmsprop": ({"kind": "rmsprop"}, 0.01, lambda p: torch.optim.RMSprop(p, lr=0.01)),
    "rmsprop momentum": (
        {"kind": "rmsprop", "alpha": 0.9, "momentum": 0.5, "epsilon": 0.001},
        0.01,
        lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5, eps=0.001),
    ),
}

TASKS = {"classification": (CLASSES, cross_entropy), "regression": (2, masked_mse)}
runs = [
    {"task": task, "optimizer": name, "spec": spec, "learningRate": rate, "losses": train(outputs, loss_of, make)}
    for task, (outputs, loss_of) in TASKS.items()
    for name, (spec, rate, make) in OPTIMIZERS.items()
]

values = wave((9,), 0.4, 3)
with torch.no_grad():
    functions = {
        "relu": nn.functional.relu,
        "leaky_relu": nn.functional.leaky_relu,
        "elu": nn.functional.elu,
        "selu": nn.functional.selu,
        "gelu": nn.functional.gelu,
        "swish": nn.functional.silu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "linear": lambda v: v,
    }
    activations = {name: f(values).tolist() for name, f in functions.items()}

print(json.dumps({"torch": torch.__version__.split("+")[0], "runs": runs, "activations": activations}, indent=1))
