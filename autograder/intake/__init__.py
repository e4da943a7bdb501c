"""From files of every kind to hand-ins."""
