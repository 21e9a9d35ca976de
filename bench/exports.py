"""Loads what bench/exports.ts wrote with Keras and ONNX Runtime themselves and compares their answers."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import onnxruntime

TOLERANCE = 1e-4


def off(answers, wanted):
    """The largest difference, of the answer itself where that is above 1."""
    return float((np.abs(answers - wanted) / np.maximum(1, np.abs(wanted))).max())


def example(folder, shape):
    """Runs predict.py on one item that it can read; what it prints."""
    place = folder / "example"
    zipfile.ZipFile(folder / "example.zip").extractall(place)
    schema = json.loads((place / "schema.json").read_text())
    if "image" in schema:
        from PIL import Image

        x = np.fromfile(folder / "x.bin", np.float32).reshape(shape)[0]
        pixels = np.rint(x * 255).astype(np.uint8)
        Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(place / "item.png")
        files = ["item.png"]
    elif schema["columns"]:
        (place / "items.csv").write_text('city,age,note\n"Bern",52.5,"a, ""b"""\n7.0,NA,\nRome,40,x\n')
        files = ["items.csv"]
    else:
        return None
    done = subprocess.run([sys.executable, "predict.py", *files], cwd=place, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return schema, [json.loads(line) for line in done.stdout.splitlines()]


def example_off(folder, case, wanted):
    made = example(folder, case["shape"])
    if made is None:
        return None
    schema, rows = made
    if "columns" in schema:  # the rows as predict.py must encode them
        x = np.array([[1, 0, 1, 0, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 0]], np.float32)
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
        wanted = session.run(["output"], {"input": x})[0]
    if "classes" in schema:
        e = np.exp(wanted[: len(rows)] - wanted[: len(rows)].max(1, keepdims=True))
        return off(np.array([list(r["probabilities"].values()) for r in rows]), e / e.sum(1, keepdims=True))
    scale, offset = (np.array([t[k] for t in schema["targets"]]) for k in ("scale", "offset"))
    return off(np.array([list(r["answer"].values()) for r in rows]), wanted[: len(rows)] * scale + offset)


def main():
    print(f"Keras {keras.__version__} on {keras.backend.backend()}, ONNX Runtime {onnxruntime.__version__}")
    print(f"{'network':40} {'Keras':>9} {'ONNX':>9} {'predict.py':>11}")
    worst = 0.0
    for folder in sorted(p for p in Path(sys.argv[1]).iterdir()):
        case = json.loads((folder / "case.json").read_text())
        x = np.fromfile(folder / "x.bin", np.float32).reshape(case["shape"])
        wanted = np.array(case["answers"], np.float32).reshape(len(x), -1)
        model = keras.models.load_model(folder / "model.keras")
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
        found = [
            off(np.asarray(model(x, training=False)), wanted),
            off(session.run(["output"], {"input": x})[0], wanted),
            example_off(folder, case, wanted),
        ]
        print(f"{folder.name:40} " + " ".join("        -" if f is None else f"{f:9.1e}" for f in found))
        worst = max([worst, *(f for f in found if f is not None)])
    print(f"largest difference: {worst:.1e}")
    sys.exit(0 if worst <= TOLERANCE else 1)


main()
