"""Losses as objects: a number from predictions and targets, its gradient, and a look at the targets beforehand.

    Loss
      SquaredError  AbsoluteError                               of numbers
      BinaryCrossEntropy  CategoricalCrossEntropy               of probabilities, or of logits
      SparseCategoricalCrossEntropy
      Hinge  MulticlassHinge                                    of scores

All are the mean over the batch of a sum over the outputs of one example; coursekit.functions.losses has the formulas.
"""

from coursekit.losses.cross_entropy import BinaryCrossEntropy
from coursekit.losses.cross_entropy import CategoricalCrossEntropy
from coursekit.losses.cross_entropy import SparseCategoricalCrossEntropy
from coursekit.losses.cross_entropy import softmax_cross_entropy
from coursekit.losses.hinge import Hinge
from coursekit.losses.hinge import MulticlassHinge
from coursekit.losses.loss import LOSSES
from coursekit.losses.loss import Loss
from coursekit.losses.loss import get
from coursekit.losses.regression import AbsoluteError
from coursekit.losses.regression import SquaredError
