"""The launcher itself: `python -m leadflow.up PORT demo|plain`, what `manage.py up` turns into.

It does not load Django, so it stays small and nothing in the application can bring it down.
"""

import sys

from leadflow import places
from leadflow.up.launcher import up

if __name__ == "__main__":
    sys.exit(up(places.var_folder(), port=int(sys.argv[1]), demo=sys.argv[2] == "demo"))
