"""Records what PyTorch computes with every loss, optimiser, schedule, clipping, penalty, accumulation and average of the weights,
from weights and batches that depend on nothing but the formulas below. 20 updates each.

Usage: python bench/golden/objective.py > src/engine/golden-objective.json && npx biome format --write src/engine/golden-objective.json
The tests replay the same configurations and expect the same losses (src/engine/golden-objective.test.ts).
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler as schedulers
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_num_threads(1)


def wave(shape, phase, scale):
    """scale * sin(12.9898 * (i + 1) + phase), rounded to 1/1024 so that any float type holds it exactly."""
    n = math.prod(shape)
    return torch.tensor([round(scale * math.sin(12.9898 * (i + 1) + phase) * 1024) / 1024 for i in range(n)]).reshape(shape)


ITEMS, FEATURES, HIDDEN, CLASSES, BATCH, STEPS = 24, 5, 7, 3, 8, 20
# Epochs of 3 batches; the last of 7 is cut short by the 20 updates.
PER_EPOCH, EPOCHS = 3, 7
x = wave((ITEMS, FEATURES), 0.1, 2)
labels = torch.tensor([(7 * i) % CLASSES for i in range(ITEMS)])
targets = wave((ITEMS, 2), 0.7, 3)
targets[3, 0] = targets[9, 1] = targets[10, 0] = targets[10, 1] = float("nan")
# Normalised by offset 0.5 and scale 2, as in the test.
present = ~torch.isnan(targets)
normalised = (torch.nan_to_num(targets) - 0.5) / 2


def mlp(outputs):
    model = nn.Sequential(nn.Linear(FEATURES, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, outputs))
    with torch.no_grad():
        # The tests keep kernels as [inputs, outputs].
        model[0].weight.copy_(wave((FEATURES, HIDDEN), 1, 0.5).T)
        model[0].bias.copy_(wave((HIDDEN,), 2, 0.1))
        model[2].weight.copy_(wave((HIDDEN, outputs), 3, 0.5).T)
        model[2].bias.copy_(wave((outputs,), 4, 0.1))
    return model


def loss_sum(config, model, index):
    """The sum of a batch's losses, and what it is to be divided by."""
    answer = model(x[index])
    loss = config.get("loss") or {}
    kind = loss.get("kind", "cross_entropy" if config["task"] == "classification" else "mse")
    if config["task"] == "regression":
        there = present[index]
        a, y = answer[there], normalised[index][there]
        each = {"mse": F.mse_loss, "mae": F.l1_loss}.get(kind) or (lambda a, y, reduction: F.huber_loss(a, y, reduction=reduction, delta=loss["delta"]))
        return each(a, y, reduction="sum"), there.sum()
    y = labels[index]
    weights = torch.tensor(config["classWeights"]) if config.get("classWeights") else torch.ones(CLASSES)
    smoothing = loss.get("labelSmoothing", 0)
    if kind == "cross_entropy":
        return F.cross_entropy(answer, y, weight=weights, reduction="sum", label_smoothing=smoothing), weights[y].sum()
    wanted = F.one_hot(y, CLASSES).float() * (1 - smoothing) + smoothing / 2
    each = F.binary_cross_entropy_with_logits(answer, wanted, reduction="none").mean(1)
    return (each * weights[y]).sum(), weights[y].sum()


def penalised(config, model):
    return [p for name, p in model.named_parameters() if config.get("penalise") == "all" or name.endswith("weight")]


def optimizer_of(config, model):
    spec = dict(config["optimizer"])
    kind, lr, params = spec.pop("kind"), config["learningRate"], list(model.parameters())
    if kind == "adamw":
        decayed = penalised(config, model)
        others = [p for p in params if all(p is not d for d in decayed)]
        groups = [{"params": decayed}, {"params": others, "weight_decay": 0}]
        return torch.optim.AdamW(groups, lr=lr, weight_decay=spec["weightDecay"])
    names = {"epsilon": "eps"}
    options = {names.get(k, k): v for k, v in spec.items() if k not in ("beta1", "beta2")}
    if "beta1" in spec:
        options["betas"] = (spec["beta1"], spec["beta2"])
    by_kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}
    return by_kind[kind](params, lr=lr, **options)


def scheduler_of(config, optimizer):
    """PyTorch's own scheduler, stepped after each update; a plateau's after each epoch."""
    spec = config.get("schedule", {"kind": "constant"})
    kind, lr, total = spec["kind"], config["learningRate"], EPOCHS * PER_EPOCH
    warm = round(spec.get("warmupEpochs", 0) * PER_EPOCH)
    if kind == "plateau":
        return schedulers.ReduceLROnPlateau(
            optimizer,
            mode=spec["direction"],
            factor=spec["factor"],
            patience=spec["patience"],
            threshold=spec["minDelta"],
            threshold_mode="abs",
            cooldown=spec["cooldownEpochs"],
            min_lr=spec["finalRate"],
        )
    if kind == "one_cycle":
        return schedulers.OneCycleLR(
            optimizer, max_lr=lr, total_steps=total, pct_start=spec["rise"], div_factor=spec["startDivisor"], final_div_factor=spec["endDivisor"], cycle_momentum=False
        )
    proper = {
        "constant": lambda: schedulers.ConstantLR(optimizer, factor=1),
        "step": lambda: schedulers.StepLR(optimizer, step_size=round(spec["everyEpochs"] * PER_EPOCH), gamma=spec["factor"]),
        "exponential": lambda: schedulers.ExponentialLR(optimizer, gamma=spec["factor"] ** (1 / PER_EPOCH)),
        "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, T_max=total - warm, eta_min=spec["finalRate"]),
    }[kind]
    if not warm:
        return proper()
    rising = schedulers.LinearLR(optimizer, start_factor=1 / warm, total_iters=warm - 1)
    return schedulers.SequentialLR(optimizer, [rising, proper()], milestones=[warm])


def whole(config, model):
    with torch.no_grad():
        total, weight = loss_sum(config, model, torch.arange(ITEMS))
        return (total / weight).item()


def updates(config):
    """The items of each update, batch by batch. Accumulated ones come in epochs whose last update is smaller and uneven."""
    count = config.get("accumulate", 1)
    for step in range(STEPS):
        if count == 1:
            yield [[(step * BATCH + 5 * k) % ITEMS for k in range(BATCH)]]
            continue
        size, at = config["batchSize"], (step % math.ceil(ITEMS / (config["batchSize"] * count))) * config["batchSize"] * count
        items = [(7 * i) % ITEMS for i in range(at, min(ITEMS, at + size * count))]
        yield [items[i : i + size] for i in range(0, len(items), size)]


def train(config):
    model = mlp(CLASSES if config["task"] == "classification" else 2)
    optimizer = optimizer_of(config, model)
    scheduler = scheduler_of(config, optimizer)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(config["ema"]["decay"])) if config.get("ema") else None
    losses, evaluated = [], []
    for step, batches in enumerate(updates(config)):
        optimizer.zero_grad()
        sums = 0
        weight = sum(loss_sum(config, model, torch.tensor(batch))[1] for batch in batches).item()
        for batch in batches:
            total, _ = loss_sum(config, model, torch.tensor(batch))
            (total / weight).backward()
            sums += total.item()
        losses.append(sums / weight)
        penalty = sum(config.get("l1", 0) * p.abs().sum() + config.get("l2", 0) * p.square().sum() for p in penalised(config, model))
        if config.get("l1", 0) or config.get("l2", 0):
            penalty.backward()
        clipping = config.get("gradientClipping")
        if clipping:
            by_kind = {"norm": nn.utils.clip_grad_norm_, "value": nn.utils.clip_grad_value_}
            by_kind[clipping["kind"]](model.parameters(), clipping["limit"])
        optimizer.step()
        if average:
            average.update_parameters(model)
        if isinstance(scheduler, schedulers.ReduceLROnPlateau):
            if (step + 1) % PER_EPOCH == 0:
                evaluated.append(whole(config, model))
                scheduler.step(evaluated[-1])
        else:
            scheduler.step()
    if average:
        evaluated.append(whole(config, average.module))
    return {"losses": losses, **({"evaluated": evaluated} if evaluated else {})}


SGD = {"kind": "sgd", "momentum": 0}
MOMENTUM = {"kind": "sgd", "momentum": 0.9}


def classes(name, **config):
    return {"name": name, "task": "classification", "optimizer": SGD, "learningRate": 0.1, **config}


def values(name, **config):
    return {"name": name, "task": "regression", "optimizer": SGD, "learningRate": 0.1, **config}


OPTIMIZERS = {
    "SGD": (SGD, 0.1),
    "SGD with momentum": (MOMENTUM, 0.05),
    "SGD with Nesterov's momentum": ({"kind": "sgd", "momentum": 0.8, "nesterov": True}, 0.05),
    "Adam": ({"kind": "adam"}, 0.01),
    "Adam with its own betas and epsilon": ({"kind": "adam", "beta1": 0.7, "beta2": 0.9, "epsilon": 0.01}, 0.05),
    "AdamW": ({"kind": "adamw", "weightDecay": 0.1}, 0.02),
    "RMSprop": ({"kind": "rmsprop"}, 0.01),
    "RMSprop with momentum": ({"kind": "rmsprop", "alpha": 0.9, "momentum": 0.5, "epsilon": 0.001}, 0.01),
    "Adagrad": ({"kind": "adagrad"}, 0.05),
    "Adagrad with its own epsilon": ({"kind": "adagrad", "epsilon": 0.1}, 0.1),
}
WEIGHTS = [1.0, 2.0, 0.5]
CASES = [
    *(make(name, optimizer=spec, learningRate=rate) for make in (classes, values) for name, (spec, rate) in OPTIMIZERS.items()),
    classes("label smoothing", loss={"kind": "cross_entropy", "labelSmoothing": 0.1}),
    classes("class weights", classWeights=WEIGHTS),
    classes("class weights and label smoothing", loss={"kind": "cross_entropy", "labelSmoothing": 0.2}, classWeights=WEIGHTS),
    classes("binary cross-entropy", loss={"kind": "binary_cross_entropy"}),
    classes("binary cross-entropy with smoothing and class weights", loss={"kind": "binary_cross_entropy", "labelSmoothing": 0.1}, classWeights=WEIGHTS),
    values("mean absolute error", loss={"kind": "mae"}, learningRate=0.02),
    values("Huber", loss={"kind": "huber", "delta": 0.4}),
    classes("warm-up", schedule={"kind": "constant", "warmupEpochs": 1}),
    classes("step", schedule={"kind": "step", "everyEpochs": 2, "factor": 0.3}),
    classes("exponential", schedule={"kind": "exponential", "factor": 0.6}),
    classes("cosine with warm-up", schedule={"kind": "cosine", "finalRate": 0.01, "warmupEpochs": 1}, optimizer=MOMENTUM),
    classes("one cycle", schedule={"kind": "one_cycle", "rise": 0.3, "startDivisor": 10, "endDivisor": 100}, learningRate=0.5),
    classes(
        "plateau",
        schedule={"kind": "plateau", "metric": "loss", "direction": "min", "factor": 0.3, "patience": 0, "minDelta": 0.13, "cooldownEpochs": 1, "finalRate": 0.01},
    ),
    classes("clipping by norm", gradientClipping={"kind": "norm", "limit": 0.3}),
    values("clipping by value", gradientClipping={"kind": "value", "limit": 0.05}),
    classes("L1", l1=0.01),
    classes("L1 and L2 on all", l1=0.005, l2=0.01, penalise="all"),
    classes("L2 on kernels, clipped with the loss", l2=0.02, gradientClipping={"kind": "norm", "limit": 0.3}),
    classes("AdamW on all", optimizer={"kind": "adamw", "weightDecay": 0.1}, learningRate=0.02, penalise="all"),
    classes("accumulation with an uneven last batch and class weights", batchSize=5, accumulate=2, classWeights=WEIGHTS),
    values("accumulation with missing targets", batchSize=5, accumulate=2, l2=0.01, gradientClipping={"kind": "norm", "limit": 0.2}),
    classes("average of the weights", ema={"decay": 0.8}, optimizer={"kind": "adam"}, learningRate=0.03),
    classes("average of the weights, accumulated", ema={"decay": 0.8}, batchSize=5, accumulate=2),
]

if __name__ == "__main__":
    cases = [{**config, **train(config)} for config in CASES]
    print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}, indent=1))
