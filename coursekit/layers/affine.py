"""What Dense and the convolutions share: an affine map of the input, then an activation."""

from coursekit import constraints, regularizers
from coursekit.layers import activation as activations
from coursekit.layers.layer import Layer


class Affine(Layer):
    """Y = g(z), z linear in the kernel W and the bias b. A subclass writes `affine` and `affine_backward`."""

    def remember(self, activation, use_bias, kernel_initializer, bias_initializer, regularizer, constraint):
        """Keep the arguments that all of them take."""
        self.use_bias = use_bias
        self.activation = activations.get(activation)
        self.activation.in_place = True
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer = regularizers.get(regularizer)
        self.kernel_constraint = constraints.get(constraint)

    def add_kernel_and_bias(self, kernel_shape, units):
        """What `build` does: W of this shape, b with a number for each unit, and the activation."""
        self.add("W", kernel_shape, self.kernel_initializer, self.kernel_regularizer, self.kernel_constraint)
        if self.use_bias:
            self.add("b", (units,), self.bias_initializer)
        self.activation.setup(self.output_shape(self.input_shape), self.rng, self.dtype)

    @property
    def children(self):
        return (self.activation,)

    def stages(self):
        """The affine map and the activation apart: a loss may take the activation's place."""
        if self.activation.is_identity:
            return [(self.affine, self.affine_backward)]
        return [(self.affine, self.affine_backward), (self.activation.forward, self.activation.backward)]

    def forward(self, X, training=False):
        return self.activation.forward(self.affine(X), training)

    def backward(self, dY):
        return self.affine_backward(self.activation.backward(dY))

    def affine(self, X, training=False):
        """z from X."""
        raise NotImplementedError(f"{type(self).__name__} has to compute z in affine(self, X, training=False)")

    def affine_backward(self, dz):
        """dX from dz; fills `grads`."""
        raise NotImplementedError(f"{type(self).__name__} has to compute dX in affine_backward(self, dz)")
