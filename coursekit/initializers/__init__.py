"""Initialisers of any parameter: `initializer(shape, rng)` gives an array to start from.

    Initializer
      Zeros  Ones  Constant  Copy            what is known beforehand
      Uniform  Normal  TruncatedNormal       a distribution
      VarianceScaling                        a distribution whose variance follows from the shape and the activation
        GlorotUniform  GlorotNormal  XavierUniform  XavierNormal
        HeUniform  HeNormal  LeCunUniform  LeCunNormal
      Orthogonal  Identity  Sparse           a structure
      Sum  Product                           what `+` and `*` make of two of them

The generator is always passed in. `assign` sets one parameter of a built model, or a part of it; `lsuv` rescales all
kernels of a model until real data keep unit variance. The plain functions for dense layers are in
`coursekit.functions.initializers`.
"""

from coursekit.initializers.constant import Constant
from coursekit.initializers.constant import Copy
from coursekit.initializers.constant import Ones
from coursekit.initializers.constant import Zeros
from coursekit.initializers.distribution import Normal
from coursekit.initializers.distribution import TruncatedNormal
from coursekit.initializers.distribution import Uniform
from coursekit.initializers.initializer import INITIALIZERS
from coursekit.initializers.initializer import Initializer
from coursekit.initializers.initializer import Product
from coursekit.initializers.initializer import Sum
from coursekit.initializers.initializer import get
from coursekit.initializers.rebuild import assign
from coursekit.initializers.rebuild import lsuv
from coursekit.initializers.structure import Identity
from coursekit.initializers.structure import Orthogonal
from coursekit.initializers.structure import Sparse
from coursekit.initializers.variance_scaling import GlorotNormal
from coursekit.initializers.variance_scaling import GlorotUniform
from coursekit.initializers.variance_scaling import HeNormal
from coursekit.initializers.variance_scaling import HeUniform
from coursekit.initializers.variance_scaling import LeCunNormal
from coursekit.initializers.variance_scaling import LeCunUniform
from coursekit.initializers.variance_scaling import VarianceScaling
from coursekit.initializers.variance_scaling import XavierNormal
from coursekit.initializers.variance_scaling import XavierUniform
from coursekit.initializers.variance_scaling import fans
