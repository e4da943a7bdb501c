"""What the site adds to Sphinx, one thing a module."""
