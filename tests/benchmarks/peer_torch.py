"""PyTorch, eager; variant "fused": the optimiser's fused kernel; "compiled": the model through torch.compile."""

import numpy as np
from jobs import spread


def prepare(name, job, variant=None):
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    X = torch.from_numpy(job["X"])
    if name.startswith("J5"):
        return lambda: whitening(torch, X, job["components"]), lambda: None
    *hidden, last = [W.shape for W, _ in job["weights"]]
    layers = []
    for d_in, d_out in hidden:
        layers.append(nn.Linear(d_in, d_out))
        layers += [nn.BatchNorm1d(d_out, 1e-3, 0.01), nn.ReLU(), nn.Dropout(0.1)] if name == "J3" else [nn.ReLU()]
    model = nn.Sequential(*layers, nn.Linear(*last))
    first = {key: value.clone() for key, value in model.state_dict().items()}
    loss_of, state = nn.CrossEntropyLoss(), {}
    # dynamic=False: one compilation for whole batches and one for the rest, both done in the warm-up run
    net = torch.compile(model, dynamic=False) if variant == "compiled" else model

    def start():
        model.load_state_dict(first)
        linear = [layer for layer in model if isinstance(layer, nn.Linear)]
        with torch.no_grad():
            for layer, (W, b) in zip(linear, job["weights"], strict=True):
                layer.weight.copy_(torch.from_numpy(W.T.copy()))
                layer.bias.copy_(torch.from_numpy(b))
        fused = {"fused": True} if variant == "fused" else {}
        if name in ("J1", "J3"):
            state["optimizer"] = torch.optim.Adam(model.parameters(), 0.001, eps=1e-7, **fused)
        else:
            state["optimizer"] = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, **fused)

    start()
    if name == "J4":
        model.eval()

        def predict():
            with torch.inference_mode():
                chunks = [torch.softmax(net(X[i : i + 1024]), dim=1) for i in range(0, len(X), 1024)]
                return float(torch.cat(chunks)[:, 0].sum())

        return predict, lambda: None

    y = torch.from_numpy(job["y"])

    def step(X, y):
        state["optimizer"].zero_grad()
        loss = loss_of(net(X), y)
        loss.backward()
        state["optimizer"].step()
        return loss

    def steps():
        for _ in range(job["steps"]):
            loss = step(X, y)
        return float(loss)

    def train():
        rng, n = np.random.default_rng(job["seed"]), len(X)
        for _ in range(job["epochs"]):
            order, total = torch.from_numpy(rng.permutation(n)), 0.0
            for begin in range(0, n, job["batch"]):
                idx = order[begin : begin + job["batch"]]
                total += step(X[idx], y[idx]).detach() * len(idx)
        return float(total / n)

    return (steps if name.startswith("J6") else train), start


def whitening(torch, X, components):
    Xc = X - X.mean(dim=0)
    values, vectors = torch.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    values, vectors = values.flip(0)[:components], vectors.flip(1)[:, :components]
    return spread((Xc @ (vectors / values.sqrt())).numpy())
