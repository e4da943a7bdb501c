"""What a step of training calls, in order, and all parameters in one array."""

import numpy as np

from coursekit.buffer import lay_out
from coursekit.layers.activation import ACTIVATIONS, Activation

# Rows at a time where nothing is trained: what a layer has just written is still in the cache when the next one reads.
CHUNK = 1024


class Plan:
    """The built layers of a model with its loss and optimiser, laid out so that a step looks nothing up.

    P, G        all parameters that are trained and their gradients, each one flat array
    forwards    the functions X -> Y that a batch goes through
    backwards   the functions dY -> dX, from the last to the first layer with anything to train
    ending      the softmax or sigmoid that the loss has taken into itself, which then sees logits; else None
    """

    def __init__(self, layers, dtype, loss=None, optimizer=None):
        self.P, self.G, layout = lay_out(layers, dtype)
        self.loss, self.optimizer, self.ending = loss, optimizer, None
        stages = [stage for layer in layers for stage in layer.stages()]
        # Backwards, a step ends at the first layer with anything to train; nobody reads its dX.
        first = next((i for i, layer in enumerate(layers) if layer.count_params()[0]), len(layers))
        for i, layer in enumerate(layers):
            layer.wants_dX = i != first
        frozen = sum(len(layer.stages()) for layer in layers[:first])
        if loss is not None:
            if follows(loss, stages[-1]):
                self.ending, self.loss = stages.pop()[0], type(loss)(from_logits=True)
            optimizer.build(self.P, [(part.name, name, where) for part, name, where in layout])
        self.forwards = [forward for forward, _ in stages]
        self.backwards = [backward for _, backward in stages[frozen:]][::-1]
        parts = [part for layer in layers if layer.trainable for part in layer.walk() if part.trainable]
        self.regularized = [(part, name, rule) for part in parts for name, rule in part.regularizers.items()]
        self.constrained = [(part, name, rule) for part in parts for name, rule in part.constraints.items()]

    def step(self, X, y):
        """Forwards, backwards, and one step of the optimiser; returns the loss before it and the output."""
        for forward in self.forwards:
            X = forward(X, True)
        loss, gradient = self.loss.value_and_gradient(X, y)
        for backward in self.backwards:
            gradient = backward(gradient)
        for layer, name, rule in self.regularized:
            penalty, pull = rule(layer.params[name])
            loss += penalty
            layer.grads[name] += pull
        self.optimizer.step(self.P, self.G)
        for layer, name, rule in self.constrained:
            layer.params[name] = rule(layer.params[name])
        return float(loss), X

    def run(self, X, admit):
        """The output for the rows of X, before `ending`; `admit` looks at each chunk first."""
        outputs = None
        for start in range(0, len(X), CHUNK):
            a = admit(X[start : start + CHUNK])
            for forward in self.forwards:
                a = forward(a)
            if outputs is None:
                outputs = np.empty((len(X), *a.shape[1:]), a.dtype)
            outputs[start : start + CHUNK] = a
        return outputs

    def end(self, outputs):
        """What the model predicts, from what `step` and `run` give."""
        return self.ending(outputs) if self.ending else outputs

    def loss_of(self, outputs, y):
        """The loss with the penalties, of outputs that `run` gave."""
        total = sum(
            self.loss.value_and_gradient(outputs[start : start + CHUNK], y[start : start + CHUNK])[0]
            * len(outputs[start : start + CHUNK])
            for start in range(0, len(outputs), CHUNK)
        )
        penalty = sum(rule(layer.params[name])[0] for layer, name, rule in self.regularized)
        return float(total / len(outputs) + penalty)


def follows(loss, stage):
    """Whether the stage is the very activation that the loss takes back."""
    layer = getattr(stage[0], "__self__", None)
    wanted = ACTIVATIONS[loss.follows][0] if loss.follows else None
    return isinstance(layer, Activation) and layer.rule is wanted and not loss.from_logits
