"""Losses that PyTorch has with the networks on standard input.

usage: golden_layers.py < cases.json > losses.json; bench/golden/layers.ts asks it.
Input: {"x": [N, H, W, C] of 0 to 255 or [N, D], "labels": [N], "batch": n, "steps": n, "learningRate": r,
"cases": [{"layers": planned, "weights": {name: [...]}}]}. SGD with momentum 0.9; batch k holds items (k * batch + 5 * i) % N.
Output: for each {"losses": [steps], "evaluated": the loss over all items in inference mode afterwards}.
"""
import json
import sys

import torch
from network import build, put_weights
from torch import nn

torch.set_num_threads(1)
asked = json.load(sys.stdin)
labels = torch.tensor(asked["labels"])


def trajectory(case):
    x = torch.tensor(case["x"], dtype=torch.float32)
    x = x.permute(0, 3, 1, 2) / 255 if x.dim() == 4 else x
    network, made = build(case["layers"])
    with torch.no_grad():
        network.eval()(x[:1])
    for layer, parts in made:
        put_weights(layer, parts, case["weights"])
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=asked["learningRate"], momentum=0.9)
    losses = []
    for step in range(asked["steps"]):
        index = torch.tensor([(step * asked["batch"] + 5 * k) % len(labels) for k in range(asked["batch"])])
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x[index]), labels[index])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        return {"losses": losses, "evaluated": nn.functional.cross_entropy(network.eval()(x), labels).item()}


json.dump([trajectory(case) for case in asked["cases"]], sys.stdout)
