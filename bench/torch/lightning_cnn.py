"""The small CNN (conv16, conv32, dense 64) trained by PyTorch Lightning as its documentation has it: a LightningModule, the TensorBoard
logger with every step's loss and rate, validation and the best checkpoint every epoch. Prints one JSON line.

usage: lightning_cnn.py train.safetensors validation.safetensors epochs threads
"""
import json
import logging
import struct
import sys
import tempfile
import time
import warnings

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import LearningRateMonitor, ModelCheckpoint
from lightning.pytorch.loggers import TensorBoardLogger
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
train_path, validation_path, epochs, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
L.seed_everything(0, verbose=False)


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


class SmallCnn(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10),
        )

    def training_step(self, batch):
        x, y = batch
        answer = self.net(x)
        loss = nn.functional.cross_entropy(answer, y)
        self.log("loss/train", loss)
        return loss

    def validation_step(self, batch):
        x, y = batch
        answer = self.net(x)
        self.log("loss/validation", nn.functional.cross_entropy(answer, y))
        self.log("accuracy/validation", (answer.argmax(1) == y).float().mean())

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)


train, validation = load(train_path), load(validation_path)
with tempfile.TemporaryDirectory() as folder:
    trainer = L.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        logger=TensorBoardLogger(folder),
        log_every_n_steps=1,
        callbacks=[ModelCheckpoint(monitor="accuracy/validation", mode="max"), LearningRateMonitor("step")],
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    model = SmallCnn()
    started = time.perf_counter()
    trainer.fit(model, DataLoader(train, batch_size=64, shuffle=True), DataLoader(validation, batch_size=256))
    seconds = time.perf_counter() - started
accuracy = trainer.checkpoint_callback.best_model_score.item()
print(json.dumps({"imagesPerSecond": epochs * len(train) / seconds, "seconds": seconds, "validationAccuracy": accuracy, "lightning": L.__version__}))
