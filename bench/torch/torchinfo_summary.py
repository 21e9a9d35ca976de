"""torchinfo's own summaries of the networks on standard input, each built as torch.nn.Sequential.

usage: torchinfo_summary.py < cases.json > summaries.json
Input: [{"layers": [...], "input": {...}, "batch": n, "columns": [...]}], layers and input as in a run's configuration.
Output: for each {"text", "rows": [...], "totals": {...}}, memory in bytes.
"""
import json
import sys

import torchinfo
from torch import nn

ACTIVATIONS = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "gelu": nn.GELU,
    "swish": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


def size(value):
    return tuple(value) if isinstance(value, list) else value


def modules(layer, image):
    """The modules of one layer as people write them; lazy ones take their inputs from the first batch."""
    kind = layer["type"]
    if kind == "dense":
        yield nn.LazyLinear(layer["units"], bias=layer["bias"])
    elif kind == "conv2d":
        yield nn.LazyConv2d(
            layer["filters"], size(layer["kernelSize"]), size(layer["strides"]), layer["padding"], bias=layer["bias"]
        )
    elif kind in ("max_pool2d", "average_pool2d"):
        if layer["padding"] != "valid":
            raise ValueError("PyTorch's pooling has no padding to the same size")
        pool = nn.MaxPool2d if kind == "max_pool2d" else nn.AvgPool2d
        yield pool(size(layer["poolSize"]), size(layer.get("strides", layer["poolSize"])))
    elif kind == "global_average_pool2d":
        yield nn.AdaptiveAvgPool2d(1)
        yield nn.Flatten()
    elif kind == "flatten":
        yield nn.Flatten()
    elif kind == "dropout":
        yield nn.Dropout(layer["rate"])
    elif kind == "batch_norm":
        yield (nn.LazyBatchNorm2d if image else nn.LazyBatchNorm1d)(layer["epsilon"], 1 - layer["momentum"])
    elif kind == "activation":
        yield ACTIVATIONS[layer["activation"]]()
    else:
        raise ValueError(f"no PyTorch module for {kind}")
    if kind in ("dense", "conv2d") and layer["activation"] != "linear":
        yield ACTIVATIONS[layer["activation"]]()


def summarise(case):
    shape = case["input"]
    image = shape["kind"] == "image"
    one = (shape["channels"], shape["height"], shape["width"]) if image else (shape["features"],)
    network = nn.Sequential()
    for layer in case["layers"]:
        for module in modules(layer, image):
            network.append(module)
        image = image and layer["type"] not in ("flatten", "global_average_pool2d")
    # The first pass gives lazy modules their weights and their plain class; the second is measured.
    torchinfo.summary(network, input_size=(2, *one), verbose=0)
    found = torchinfo.summary(
        network, input_size=(case["batch"], *one), col_names=case["columns"], device="cpu", verbose=0
    )
    rows = [
        {
            "type": row.class_name,
            "output": row.output_size,
            "kernel": row.kernel_size,
            "parameters": row.num_params,
            "trainable": row.trainable_params,
            "multAdds": row.macs,
        }
        for row in found.summary_list
        if row.depth == 1
    ]
    totals = {
        "parameters": found.total_params,
        "trainable": found.trainable_params,
        "multAdds": found.total_mult_adds,
        "input": found.total_input,
        "forwardBackward": found.total_output_bytes,
        "parameterMemory": found.total_param_bytes,
    }
    return {"text": str(found), "rows": rows, "totals": totals}


json.dump([summarise(case) for case in json.load(sys.stdin)], sys.stdout)
