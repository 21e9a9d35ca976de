"""One competitor of bench/step.ts: the same network in PyTorch, steps on request.

argv: model as JSON, "eager", "channels_last" or "compile", threads. Each line of standard input is a number of steps; the answer is their times in ms, and the processor time a step.
"""

import json
import sys
import time

import torch
from torch import nn

spec, layout, threads = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
ACTIVATION = {"relu": nn.ReLU, "elu": nn.ELU, "tanh": nn.Tanh}


def layers():
    shape = [spec["input"]["channels"], spec["input"]["height"], spec["input"]["width"]]
    for layer in spec["model"]["layers"]:
        kind = layer["type"]
        made = []
        if kind == "conv2d":
            made.append(nn.Conv2d(shape[0], layer["filters"], layer["kernelSize"], padding=layer["padding"], bias=layer["bias"]))
        elif kind == "dense":
            made.append(nn.Linear(shape[0], layer["units"]))
        elif kind == "max_pool2d":
            made.append(nn.MaxPool2d(layer["poolSize"]))
        elif kind == "average_pool2d":
            made.append(nn.AvgPool2d(layer["poolSize"]))
        elif kind == "global_average_pool2d":
            made += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        elif kind == "flatten":
            made.append(nn.Flatten())
        elif kind == "dropout":
            made.append(nn.Dropout(layer["rate"]))
        elif kind == "batch_norm":
            made.append(nn.BatchNorm2d(shape[0]))
        if layer.get("activation", "linear") != "linear":
            made.append(ACTIVATION[layer["activation"]]())
        for module in made:
            shape = list(module.eval()(torch.zeros(1, *shape)).shape[1:])
            yield module.train()


model = nn.Sequential(*layers())
if layout == "channels_last":
    model = model.to(memory_format=torch.channels_last)
network = torch.compile(model) if layout == "compile" else model
items, batch, task = spec["items"], spec["batch"], spec["task"]
x = torch.randint(0, 256, (items, spec["input"]["channels"], spec["input"]["height"], spec["input"]["width"]), dtype=torch.uint8)
regression = task["kind"] == "regression"
y = torch.rand(items, task["targets"]) if regression else torch.randint(0, task["classes"], (items,))
loss_of = nn.MSELoss() if regression else nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
at = 0


def step():
    global at
    index = (torch.arange(batch) + at) % items
    at += batch
    images = x[index].float() / 255
    if layout == "channels_last":
        images = images.to(memory_format=torch.channels_last)
    optimizer.zero_grad()
    loss = loss_of(network(images), y[index])
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(3):
    step()
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    times = []
    before = time.process_time()
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    cpu = (time.process_time() - before) * 1000 / len(times)
    print(" ".join(f"{t:.4f}" for t in times), "|", cpu, flush=True)
