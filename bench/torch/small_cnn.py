"""The small CNN (conv16, conv32, dense 64) in PyTorch's own words: a DataLoader over the packed train part,
a loop that logs every step's loss, validation after every epoch. Prints one JSON line.

usage: small_cnn.py train.safetensors validation.safetensors epochs threads channels_last(0|1)
"""
import json
import struct
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

train_path, validation_path, epochs, threads, channels_last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == "1"
torch.set_num_threads(threads)
torch.manual_seed(0)


def load(path):
    with open(path, "rb") as f:
        (size,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(size))
        body = f.read()
    kinds = {"U8": np.uint8, "I32": np.int32, "F32": np.float32}
    out = {}
    for name in ("x", "y"):
        entry = header[name]
        start, end = entry["data_offsets"]
        out[name] = np.frombuffer(body[start:end], kinds[entry["dtype"]]).reshape(entry["shape"])
    x = torch.from_numpy(out["x"].copy()).permute(0, 3, 1, 2).float() / 255
    return TensorDataset(x.contiguous(), torch.from_numpy(out["y"].astype(np.int64)))


train, validation = load(train_path), load(validation_path)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10),
)
if channels_last:
    model = model.to(memory_format=torch.channels_last)
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_of = nn.CrossEntropyLoss()
loader = DataLoader(train, batch_size=64, shuffle=True)
log, accuracy = [], 0.0
started = time.perf_counter()
for epoch in range(epochs):
    model.train()
    for x, y in loader:
        if channels_last:
            x = x.to(memory_format=torch.channels_last)
        optimiser.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimiser.step()
        log.append(loss.item())
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(validation, batch_size=256))
    accuracy = right / len(validation)
seconds = time.perf_counter() - started
print(json.dumps({"imagesPerSecond": epochs * len(train) / seconds, "seconds": seconds, "validationAccuracy": accuracy, "steps": len(log), "torch": torch.__version__}))
