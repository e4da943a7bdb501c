"""What importing this package leaves out, so that a command begins at once.

nbformat loads jsonschema, and jsonschema, where a package for it happens to be installed, builds a grammar of
internationalised web addresses to check such a format by. It takes longer than all other imports together,
and no notebook is ever checked for that format. jsonschema goes without it where it cannot be imported.
"""

from __future__ import annotations

import sys

LEFT_OUT = "rfc3987_syntax"

sys.modules.setdefault(LEFT_OUT, None)      # an import of it now fails, as if it were not installed
