"""From the author's text to source notebooks, and the proof that they can be graded by."""
