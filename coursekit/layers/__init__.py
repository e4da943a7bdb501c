"""Layers: one noun a file."""

from coursekit.layers.activation import Activation
from coursekit.layers.batch_normalization import BatchNormalization
from coursekit.layers.bidirectional import Bidirectional
from coursekit.layers.convolution import Conv2D
from coursekit.layers.convolution import Conv2DTranspose
from coursekit.layers.dense import Dense
from coursekit.layers.dropout import Dropout
from coursekit.layers.embedding import Embedding
from coursekit.layers.flatten import Flatten
from coursekit.layers.gru import GRU
from coursekit.layers.layer import Layer
from coursekit.layers.local_response import LocalResponseNormalization
from coursekit.layers.lstm import LSTM
from coursekit.layers.pooling import AveragePooling2D
from coursekit.layers.pooling import MaxPooling2D
from coursekit.layers.residual import Residual
from coursekit.layers.simple_rnn import SimpleRNN
