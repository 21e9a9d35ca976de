"""Records what PyTorch computes from weights and batches that depend on nothing but the formulas below.

Usage: python bench/golden.py > src/engine/golden.json && npx biome format --write src/engine/golden.json
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
        "softmax": lambda v: torch.softmax(v.unsqueeze(1), 1).squeeze(1),
    }
    activations = {name: f(values).tolist() for name, f in functions.items()}



class Convolutional(nn.Module):
    """Input [N, H, W, 1] as the tests keep it; flattened in their order, too."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(4, momentum=0.1)
        self.conv2 = nn.Conv2d(4, 6, (2, 3), stride=(1, 2))
        self.norm2 = nn.BatchNorm1d(12, momentum=0.1)
        self.out = nn.Linear(12, CLASSES)
        with torch.no_grad():
            # Kernels [height, width, inputs, outputs] there, [outputs, inputs, height, width] here.
            self.conv1.weight.copy_(wave((3, 3, 1, 4), 1, 0.4).permute(3, 2, 0, 1))
            self.conv2.weight.copy_(wave((2, 3, 4, 6), 2, 0.3).permute(3, 2, 0, 1))
            self.conv2.bias.copy_(wave((6,), 3, 0.1))
            self.out.weight.copy_(wave((12, CLASSES), 4, 0.3).T)
            self.out.bias.copy_(wave((CLASSES,), 5, 0.1))

    def forward(self, images):
        v = nn.functional.elu(self.norm1(self.conv1(images.permute(0, 3, 1, 2))))
        v = nn.functional.max_pool2d(v, 2)
        v = torch.tanh(self.conv2(v))
        v = nn.functional.avg_pool2d(v, (2, 1), stride=1)
        return self.out(self.norm2(v.permute(0, 2, 3, 1).flatten(1)))


def convolutional():
    """uint8 images 8x8, batches of 8; losses in training, then the loss over all items by the running statistics."""
    pixels = ((wave((ITEMS, 8, 8, 1), 0.3, 2) + 2) * 60).floor()
    images = pixels / 255
    model = Convolutional()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    losses = []
    for step in range(STEPS):
        index = torch.tensor([(step * BATCH + 5 * k) % ITEMS for k in range(BATCH)])
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[index]), labels[index])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        evaluated = nn.functional.cross_entropy(model.eval()(images), labels).item()
    return {"losses": losses, "evaluated": evaluated}


print(json.dumps({"torch": torch.__version__.split("+")[0], "runs": runs, "activations": activations, "convolutional": convolutional()}, indent=1))
