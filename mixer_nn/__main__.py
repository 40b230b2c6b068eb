"""`python -m mixer_nn`: the same as `mixer-nn`."""

import sys

if __name__ == "__main__":
    from mixer_nn.app import main

    sys.exit(main())
