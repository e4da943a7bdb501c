"""What happens to data before a network sees them: scaling, PCA and whitening, one-hot, splits, mini-batches.

    Transformer
      Standardizer  MinMax                   each column by itself
      PCA  ZCA                               columns together
    one_hot  train_test_split  minibatches

The classes follow scikit-learn's conventions: the constructor remembers, `fit(X)` learns from X (n, d) and stores what
it learned in attributes that end in `_`, `transform(X)` applies it to any X (m, d). Fit on the training set only.
"""

from coursekit.functions.batches import minibatches
from coursekit.preprocessing.encoding import one_hot
from coursekit.preprocessing.scaling import MinMax
from coursekit.preprocessing.scaling import Standardizer
from coursekit.preprocessing.splitting import train_test_split
from coursekit.preprocessing.transformer import Transformer
from coursekit.preprocessing.whitening import PCA
from coursekit.preprocessing.whitening import ZCA
