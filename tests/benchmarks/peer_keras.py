"""Keras 3; the variant is its backend, "torch" or "jax". It shuffles by itself: other orders, the same work."""

import os


def prepare(name, job, variant):
    os.environ["KERAS_BACKEND"] = variant
    if variant == "torch":
        import torch

        torch.set_num_threads(1)
    import keras

    keras.utils.set_random_seed(0)
    *hidden, last = [W.shape[1] for W, _ in job["weights"]]
    layers = [keras.Input((job["X"].shape[1],))]
    for units in hidden:
        if name == "J3":
            layers += [keras.layers.Dense(units), keras.layers.BatchNormalization()]
            layers += [keras.layers.Activation("relu"), keras.layers.Dropout(0.1)]
        else:
            layers.append(keras.layers.Dense(units, activation="relu"))
    model = keras.Sequential([*layers, keras.layers.Dense(last, activation="softmax" if name == "J4" else None)])

    def start():
        dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
        for layer, weights in zip(dense, job["weights"], strict=True):
            layer.set_weights(weights)

    start()
    adam = name in ("J1", "J3")
    model.compile(
        keras.optimizers.Adam(0.001) if adam else keras.optimizers.SGD(0.01, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    if name == "J4":
        return lambda: float(model.predict(job["X"], batch_size=1024, verbose=0)[:, 0].sum()), lambda: None

    def steps():
        for _ in range(job["steps"]):
            loss = model.train_on_batch(job["X"], job["y"])
        return float(loss)

    def train():
        history = model.fit(job["X"], job["y"], batch_size=job["batch"], epochs=job["epochs"], verbose=0)
        return history.history["loss"][-1]

    return (steps if name.startswith("J6") else train), start
