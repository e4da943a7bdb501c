"""autograder doctor: what this machine gives for a sandbox."""

from __future__ import annotations

from dataclasses import asdict

from rich.markup import escape

from autograder.cli.app import console, verb


@verb("autograder doctor",
      stopped="It only looks: nothing has changed.")
def doctor() -> dict:
    """Say what this machine gives for a sandbox, layer by layer, and what would mend what is missing."""
    from autograder.engine.doctor import layers

    found = layers()
    for layer in found:
        console.print(f"{'has  ' if layer.ok else 'lacks'}  {escape(layer.name)}")
        for words in filter(None, (layer.why, layer.remedy)) if layer.remedy or not layer.ok else ():
            console.print(f"       {escape(words)}")
    return {"layers": [asdict(layer) for layer in found], "exit": 0 if all(layer.ok for layer in found) else 1}
