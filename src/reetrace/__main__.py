"""`python -m reetrace` is the same as `reetrace`."""

from __future__ import annotations

from reetrace.cli import main

if __name__ == "__main__":
    main()
