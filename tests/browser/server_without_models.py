"""`streamlit run` for tests that read nothing: python -m tests.browser.server_without_models run app.py …

The models are not loaded at the start, which takes most of it; a page that needs them would load them.
"""

from __future__ import annotations

import sys

from streamlit.web import cli

from components import recognisers

if __name__ == "__main__":
    recognisers.warm = lambda: None
    sys.argv[0] = "streamlit"
    cli.main()
