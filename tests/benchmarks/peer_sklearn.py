"""scikit-learn: MLPClassifier with our weights and our order of the rows, and PCA."""

import warnings

import numpy as np
from jobs import spread


def prepare(name, job, variant=None):
    """`variant` "full" is PCA's SVD solver."""
    if name.startswith("J5"):
        from sklearn.decomposition import PCA

        solver = "full" if variant == "full" else "covariance_eigh"

        def whiten():
            return spread(PCA(job["components"], whiten=True, svd_solver=solver).fit_transform(job["X"]))

        return whiten, lambda: None

    from sklearn.neural_network import MLPClassifier

    class Order(np.random.RandomState):
        """Gives the permutations that everybody uses."""

        def shuffle(self, indices):
            indices[:] = self.ours.permutation(len(indices))

    class Classifier(MLPClassifier):
        def _init_coef(self, fan_in, fan_out, dtype):
            W, b = next(w for w in job["weights"] if w[0].shape == (fan_in, fan_out))
            return W.copy(), b.copy()

    def make(epochs):
        order = Order(0)
        order.ours = np.random.default_rng(job.get("seed", 0))
        adam = name == "J1"
        return Classifier(
            [W.shape[1] for W, _ in job["weights"][:-1]],
            solver="adam" if adam else "sgd",
            learning_rate_init=0.001 if adam else 0.01,
            momentum=0.9,
            nesterovs_momentum=False,
            alpha=0.0,
            epsilon=1e-7,
            batch_size=job.get("batch", 32),
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=10_000,
            random_state=order,
        )

    if name == "J4":
        # Trained on a few rows for the shape's sake; the weights are then ours.
        few = make(1)
        few.learning_rate_init = 1e-12
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            few.fit(job["X"][:64], np.arange(64) % 10)
        return lambda: float(few.predict_proba(job["X"])[:, 0].sum()), lambda: None

    def train():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has not converged in so few epochs
            return make(job["epochs"]).fit(job["X"], job["y"]).loss_

    return train, lambda: None
