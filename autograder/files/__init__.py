"""Files of any kind: hand-written tables checked as they are read, others written whole or not at all."""
