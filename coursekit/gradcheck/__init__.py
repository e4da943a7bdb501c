"""The gradient microscope: compares analytic gradients with measured ones and says where, and perhaps why, they differ.

    check_function(f, x, gradient)     any function of one array
    check_layer(layer, X)              one layer: its parameters and its input
    check_model(model, X, y)           a whole network, from the loss back to the first layer

Each gives a Report: true if all agree, printed as a table otherwise. Measuring is by central differences,
`(f(x + h) - f(x - h)) / (2 h)`, in float64: in float32 the rounding of f alone is larger than what is looked for.
"""

from coursekit.gradcheck.cause import likely_cause
from coursekit.gradcheck.check import SEED
from coursekit.gradcheck.check import check_function
from coursekit.gradcheck.check import check_layer
from coursekit.gradcheck.check import check_model
from coursekit.gradcheck.report import Finding
from coursekit.gradcheck.report import Report
from coursekit.gradcheck.report import Row
