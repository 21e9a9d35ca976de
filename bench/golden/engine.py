"""Records what PyTorch computes from weights and batches that depend on nothing but the formulas below.

Usage: python bench/golden/engine.py > src/engine/golden.json && npx biome format --write src/engine/golden.json
The tests replay the same weights and batches and expect the same losses (src/engine/contract.test.ts).
"""

import json

import torch
from torch import nn

from objective import BATCH, CLASSES, ITEMS, labels, wave

STEPS = 10

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


print(json.dumps({"torch": torch.__version__.split("+")[0], "activations": activations, "convolutional": convolutional()}, indent=1))
