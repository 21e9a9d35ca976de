"""Predicts with model.onnx: python predict.py FILE ... Prints one JSON object an item. What goes in is told in README.md."""

import csv
import io
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "schema.json").read_text("utf-8"))
MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "#n/a"}


def stop(message, code=1):
    print(message, file=sys.stderr)
    sys.exit(code)


def cannot_read(file, error):
    """Ends the script with a sentence that names the file."""
    known = {
        FileNotFoundError: "there is no such file",
        IsADirectoryError: "it is a folder",
        PermissionError: "it may not be opened",
        UnicodeDecodeError: "it is not text in UTF-8",
    }
    other = "it is no image, or one that is broken" if "image" in SCHEMA else "it can't be opened"
    stop(f"Can't read {file}: {known.get(type(error), other)}.")


def read_image(file):
    """float32 [H, W, C] in 0 to 1, stretched to the size that the model was trained on."""
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        why = "is missing" if isinstance(error, ModuleNotFoundError) else f"can't be imported ({error})"
        stop(f"Reading images takes the package Pillow, which {why}. Get it with: pip install -r requirements.txt")
    shape = SCHEMA["image"]
    try:
        with open(file, "rb") as data:
            image = ImageOps.exif_transpose(Image.open(data)).convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's readers raise all three
        cannot_read(file, error)
    except Image.DecompressionBombError:  # none of them
        stop(f"Can't read {file}: it has more pixels than Pillow reads.")
    if shape["channels"] < 4:  # transparent parts on white
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert({1: "L", 3: "RGB", 4: "RGBA"}[shape["channels"]])
    size = (shape["width"], shape["height"])
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    pixels = np.asarray(image, np.float32) / 255
    return pixels.reshape(shape["height"], shape["width"], shape["channels"])


def number(cell):
    try:
        value = float(cell.strip())
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def category(cell):
    """One spelling for each value: "1", "1.0" and "+1" are one category."""
    value = number(cell)
    if value is None:
        return cell.strip()
    return str(int(value)) if value == int(value) else repr(value)


def encode_row(row, item):
    """float32 [D]: numbers as (x - mean) / std, categories one-hot; missing as zeros, where training saw it with a mark."""
    features = []
    for column in SCHEMA["columns"]:
        cell = row.get(column["name"])
        if cell is None:
            stop(f'{item} lacks the column "{column["name"]}".')
        missing = cell.strip().lower() in MISSING
        if column["type"] == "categorical":
            name = None if missing else category(cell)
            features += [1.0 if name == each else 0.0 for each in column["categories"]]
            continue
        value = None if missing else number(cell)
        if value is None and not missing:
            stop(f'{item}: {column["name"]} is "{cell}", not a number.')
        features.append(0.0 if missing else (value - column["mean"]) / column["std"])
        if column["missing"]:
            features.append(1.0 if missing else 0.0)
    return np.array(features, np.float32)


def read_items(files):
    """Name and input of each item: one an image, one a row of a table."""
    for file in files:
        if "image" in SCHEMA:
            yield file, read_image(file)
            continue
        try:
            text = Path(file).read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            cannot_read(file, error)
        reader = csv.DictReader(io.StringIO(text, newline=""))
        for row in reader:
            item = f"{file}:{reader.line_num}"
            yield item, encode_row(row, item)


def answer(output):
    """The model's output in words: a class with its probability, or each target in its own unit."""
    if "classes" in SCHEMA:
        exponents = np.exp(output - output.max())
        shares = exponents / exponents.sum()
        best = int(shares.argmax())
        return {
            "answer": SCHEMA["classes"][best],
            "probabilities": dict(zip(SCHEMA["classes"], map(float, shares))),
        }
    targets = SCHEMA["targets"]
    return {"answer": {t["name"]: float(v) * t["scale"] + t["offset"] for t, v in zip(targets, output)}}


def main():
    files = sys.argv[1:]
    if not files:
        stop("Usage: python predict.py FILE ...", 64)
    session = onnxruntime.InferenceSession(str(HERE / "model.onnx"), providers=["CPUExecutionProvider"])
    for name, x in read_items(files):
        (outputs,) = session.run(["output"], {"input": x[np.newaxis]})
        print(json.dumps({"item": name, **answer(outputs[0])}, ensure_ascii=False))


main()
