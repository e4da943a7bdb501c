"""A made-up class: hand-ins of every kind that real classes send."""
