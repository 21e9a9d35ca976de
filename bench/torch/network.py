"""PyTorch modules of planned layers (src/core/model/plan.ts): what Holdout's networks are in PyTorch, images channels first."""
import torch
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
    "softmax": lambda: nn.Softmax(dim=1),
}


def pair(value):
    return tuple(value) if isinstance(value, list) else (value, value)


def given(value):
    return tuple(value) if isinstance(value, list) else value


class GaussianNoise(nn.Module):
    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * torch.randn_like(x) if self.training else x


class Reshape(nn.Module):
    """As the product keeps images, channels last."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        x = x.permute(0, 2, 3, 1) if x.dim() == 4 else x
        x = x.reshape(x.shape[0], *self.shape)
        return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


class Flatten(nn.Flatten):
    """In the product's order, channels last, so that weights after it are the same."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1) if x.dim() == 4 else x)


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Add(nn.Module):
    def forward(self, *inputs):
        return sum(inputs[1:], inputs[0])


class Concatenate(nn.Module):
    def forward(self, *inputs):
        return torch.cat(inputs, dim=1)


def same_padding(length, size, stride):
    """TensorFlow's: as much as the windows need, the odd one at the end."""
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2


class Conv2d(nn.LazyConv2d):
    """With TensorFlow's "same" padding for strides, too; PyTorch has that for stride 1 alone."""

    cls_to_become = None

    def __init__(self, *args, same=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.same = same

    def forward(self, x):
        if self.same:
            top, bottom = same_padding(x.shape[2], self.kernel_size[0], self.stride[0])
            left, right = same_padding(x.shape[3], self.kernel_size[1], self.stride[1])
            x = nn.functional.pad(x, (left, right, top, bottom))
        return super().forward(x)


def transposed(layer):
    size, stride = pair(layer["kernelSize"]), pair(layer["strides"])
    # TensorFlow's output is stride times the input's, of "valid" with what the kernel overhangs.
    over = [k - s for k, s in zip(size, stride)]
    crop = [(o + 1) // 2 if layer["padding"] == "same" and o > 0 else 0 for o in over]
    want = [0 if layer["padding"] == "same" else max(o, 0) for o in over]
    extra = [w - (o - 2 * c) for w, o, c in zip(want, over, crop)]
    return nn.LazyConvTranspose2d(layer["filters"], size, stride, crop, extra, bias=layer["bias"])


def margins(value, sign=1):
    rows, columns = pair(value)
    (top, bottom), (left, right) = pair(rows), pair(columns)
    return nn.ZeroPad2d(tuple(sign * n for n in (left, right, top, bottom)))


def pooled(layer, average):
    if layer["padding"] != "valid":
        raise ValueError("PyTorch's pooling has no padding to the same size")
    return (nn.AvgPool2d if average else nn.MaxPool2d)(given(layer["poolSize"]), given(layer.get("strides", layer["poolSize"])))


def modules(planned):
    """The modules of one layer as people write them; lazy ones take their inputs from the first batch."""
    layer, shape, output = planned["spec"], planned["input"], planned["output"]
    kind = layer["type"]
    image = len(shape) == 3
    same = layer.get("padding") == "same"
    if kind == "dense":
        yield nn.LazyLinear(layer["units"], bias=layer["bias"])
    elif kind == "conv2d":
        yield Conv2d(layer["filters"], pair(layer["kernelSize"]), pair(layer["strides"]), bias=layer["bias"], same=same)
    elif kind in ("depthwise_conv2d", "separable_conv2d"):
        separable = kind == "separable_conv2d"
        yield Conv2d(
            shape[2] * layer["depthMultiplier"],
            pair(layer["kernelSize"]),
            pair(layer["strides"]),
            groups=shape[2],
            bias=layer["bias"] and not separable,
            same=same,
        )
        if separable:
            yield Conv2d(layer["filters"], 1, bias=layer["bias"])
    elif kind == "conv2d_transpose":
        yield transposed(layer)
    elif kind in ("max_pool2d", "average_pool2d"):
        yield pooled(layer, kind == "average_pool2d")
    elif kind in ("global_average_pool2d", "global_max_pool2d"):
        yield nn.AdaptiveAvgPool2d(1) if kind == "global_average_pool2d" else nn.AdaptiveMaxPool2d(1)
        yield nn.Flatten()
    elif kind == "flatten":
        yield Flatten()
    elif kind == "reshape":
        yield Reshape(layer["shape"])
    elif kind == "zero_padding2d":
        yield margins(layer["padding"])
    elif kind == "cropping2d":
        yield margins(layer["cropping"], -1)
    elif kind == "upsampling2d":
        yield nn.Upsample(scale_factor=pair(layer["size"]), mode=layer["interpolation"])
    elif kind == "dropout":
        yield nn.Dropout(layer["rate"])
    elif kind == "spatial_dropout":
        yield nn.Dropout2d(layer["rate"])
    elif kind == "gaussian_noise":
        yield GaussianNoise(layer["stddev"])
    elif kind == "batch_norm":
        yield (nn.LazyBatchNorm2d if image else nn.LazyBatchNorm1d)(layer["epsilon"], 1 - layer["momentum"])
    elif kind == "layer_norm":
        yield (LayerNorm2d if image else nn.LayerNorm)(shape[-1], layer["epsilon"])
    elif kind == "activation":
        yield ACTIVATIONS[layer["activation"]]()
    elif kind == "add":
        yield Add()
    elif kind == "concatenate":
        yield Concatenate()
    elif kind != "residual":
        raise ValueError(f"no PyTorch module for {kind}")
    if kind != "activation" and layer.get("activation", "linear") != "linear":
        yield ACTIVATIONS[layer["activation"]]()


class Parts:
    """Steps of a graph: (name, names of what it reads, modules). `holder` owns the modules, so that torchinfo shows them as its own."""

    def __init__(self, steps, entry, holder):
        self.entry = entry
        self.steps = steps
        for name, _, modules in steps:
            for i, module in enumerate(modules):
                holder.add_module(f"{name}_{i}".replace("/", "_"), module)

    def run(self, x):
        known, value = {self.entry: x}, x
        for name, inputs, modules in self.steps:
            value = modules[0](*(known[source] for source in inputs))
            for module in modules[1:]:
                value = module(value)
            known[name] = value
        return value


class Graph(nn.Module):
    """Layers by name, each with the names of those that it reads; the last one's output is the answer."""

    def __init__(self, steps):
        super().__init__()
        self.parts = Parts(steps, "input", self)

    def forward(self, x):
        return self.parts.run(x)


class Residual(nn.Module):
    def __init__(self, body, shortcut, activation, entry):
        super().__init__()
        self.parts = Parts(body, entry, self)
        self.shortcut = shortcut
        self.activation = activation

    def forward(self, x):
        y = self.parts.run(x)
        y = y + (x if self.shortcut is None else self.shortcut(x))
        return y if self.activation is None else self.activation(y)


def put_weights(layer, parts, weights):
    """Gives the modules of one planned layer its weights, by name, in the product's layouts."""
    with torch.no_grad():
        for name in layer["weights"]:
            kind = name["name"].rsplit("/", 1)[1]
            value = torch.tensor(weights[name["name"]]).reshape(name["shape"])
            module = parts[1] if kind == "pointwise_kernel" or (kind == "bias" and layer["spec"]["type"] == "separable_conv2d") else parts[0]
            if kind.endswith("kernel"):
                depthwise = kind == "depthwise_kernel" or layer["spec"]["type"] == "depthwise_conv2d"
                # [height, width, inputs, outputs] there, [outputs, inputs, height, width] here; a transposed convolution has the other two swapped in both.
                value = value.permute(2, 3, 0, 1).flatten(0, 1).unsqueeze(1) if depthwise else value.T if value.dim() == 2 else value.permute(3, 2, 0, 1)
            target = {"bias": "bias", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
            getattr(module, target.get(kind, "weight")).copy_(value)


def build(plan, graph=True):
    """The network, a torch.nn.Sequential or a Graph, and [(layer, its modules)]."""
    steps, blocks, made = [], {}, []
    for layer in plan:
        name, kind = layer["name"], layer["spec"]["type"]
        parts = list(modules(layer))
        made.append((layer, parts))
        if "/" in name:
            blocks.setdefault(name.split("/")[0], []).append((layer, parts))
        elif kind == "residual":
            inside = blocks[name]
            body = [(l["name"], l["inputs"], parts) for l, parts in inside if l["path"] != layer["path"]]
            shortcut = [part for l, parts in inside if l["path"] == layer["path"] for part in parts]
            entry = next((l["inputs"][0] for l, _ in inside if l["path"] == layer["path"]), layer["inputs"][1])
            projection = nn.Sequential(*shortcut) if len(shortcut) > 1 else shortcut[0] if shortcut else None
            steps.append((name, [entry], [Residual(body, projection, parts[0] if parts else None, entry)]))
        else:
            steps.append((name, layer["inputs"], parts))
    network = Graph(steps) if graph else nn.Sequential(*(part for _, _, parts in steps for part in parts))
    return network, made
