"""Optimisers that change one flat array of parameters in place.

    Optimizer
      SGD  Momentum  Nesterov                one rate for all parameters
      AdaGrad  RMSprop  AdaDelta             each divided by the size of its past gradients
      Adam  AdamW                            both, and momentum
      MultiOptimizer                         one of these for some layers, another for the rest

The rules are those of coursekit.functions.optimizers, written for speed: a model keeps all its parameters in one array
`P` and their gradients in one array `G`, so that a step is a few operations on long arrays, not some on each of many
short ones. `G` serves as scratch paper and is spoilt.
"""

from coursekit.optimizers.adam import Adam
from coursekit.optimizers.adam import AdamW
from coursekit.optimizers.adaptive import AdaDelta
from coursekit.optimizers.adaptive import AdaGrad
from coursekit.optimizers.adaptive import RMSprop
from coursekit.optimizers.multi import MultiOptimizer
from coursekit.optimizers.optimizer import OPTIMIZERS
from coursekit.optimizers.optimizer import Optimizer
from coursekit.optimizers.optimizer import get
from coursekit.optimizers.sgd import Momentum
from coursekit.optimizers.sgd import Nesterov
from coursekit.optimizers.sgd import SGD
