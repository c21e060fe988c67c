"""`python -m anogen_gui`: the window."""

import sys

from anogen_gui.app import main

if __name__ == "__main__":
    sys.exit(main())
