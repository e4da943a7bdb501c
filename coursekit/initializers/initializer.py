"""What every initialiser is, how two of them compose, and how a name finds one."""


from coursekit.identifiers import Configurable, find
from coursekit.inputs import generator, is_real, whole_shape

INITIALIZERS = {}  # name -> class; every subclass of Initializer enters itself


class Initializer(Configurable):
    """An array of `shape` from the generator `rng`; `+` and `*` compose, with numbers too.

    Your own: write `draw(shape, rng)`. A subclass is found by its name from then on.

    >>> import numpy as np
    >>> from coursekit import initializers
    >>> class Ramp(initializers.Initializer):
    ...     def draw(self, shape, rng):
    ...         return np.linspace(0, 1, shape[0])
    >>> (2 * initializers.get("ramp") + 1)((3,), np.random.default_rng(0))
    array([1., 2., 3.])
    """

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        INITIALIZERS[cls.__name__] = cls

    def __call__(self, shape, rng):
        generator(rng, type(self).__name__)
        return self.draw(whole_shape(shape, type(self).__name__), rng)

    def draw(self, shape, rng):
        """What a subclass writes: the array."""
        raise NotImplementedError(f"{type(self).__name__} has to give an array in draw(self, shape, rng)")

    def __add__(self, other):
        return Sum(self, other)

    def __mul__(self, other):
        return Product(self, other)

    __radd__, __rmul__ = __add__, __mul__


class Sum(Initializer):
    """`left + right`, two initialisers or numbers: add a constant or noise.

    >>> import numpy as np
    >>> from coursekit import initializers
    >>> initializers.Sum(1.0, 0.5)((2,), np.random.default_rng(0))
    array([1.5, 1.5])
    """

    def __init__(self, left, right):
        self.left, self.right = get(left), get(right)

    def draw(self, shape, rng):
        return self.left(shape, rng) + self.right(shape, rng)


class Product(Initializer):
    """`left * right`, two initialisers or numbers: scale, or mask.

    >>> import numpy as np
    >>> from coursekit import initializers
    >>> initializers.Product(3.0, 0.5)((2,), np.random.default_rng(0))
    array([1.5, 1.5])
    """

    def __init__(self, left, right):
        self.left, self.right = get(left), get(right)

    def draw(self, shape, rng):
        return self.left(shape, rng) * self.right(shape, rng)


def get(identifier):
    """The initialiser of that name ("he_normal"), of that config, the object itself, or a constant for a number.

    >>> from coursekit import initializers
    >>> initializers.get("he_normal"), initializers.get(0.01)
    (HeNormal(), Constant(value=0.01))
    """
    if is_real(identifier):
        return INITIALIZERS["Constant"](identifier)
    initializer = find(identifier, INITIALIZERS, "initializer")
    if not callable(initializer):
        raise TypeError(f"an initializer is a name, a number or a function of (shape, rng), received {identifier!r}.")
    return initializer
