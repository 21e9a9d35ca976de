"""torchinfo's own summaries of the networks on standard input.

usage: torchinfo_summary.py < cases.json > summaries.json
Input: [{"layers": [...], "graph": bool, "input": {...}, "batch": n, "columns": [...]}], layers as src/core/model/plan.ts plans them.
Output: for each {"text", "rows": [...], "totals": {...}}, memory in bytes.
"""
import json
import sys

import torchinfo
from network import build


def summarise(case):
    shape = case["input"]
    one = (shape["channels"], shape["height"], shape["width"]) if shape["kind"] == "image" else (shape["features"],)
    network, _ = build(case["layers"], case["graph"])
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
            # Of a module that holds others torchinfo counts what they have; here each has its own.
            "parameters": row.num_params if row.is_leaf_layer else 0,
            "trainable": row.trainable_params if row.is_leaf_layer else 0,
            "multAdds": row.macs if row.is_leaf_layer else 0,
            "depth": row.depth,
            "index": row.depth_index,
        }
        for row in found.summary_list
        if row.depth > 0
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
