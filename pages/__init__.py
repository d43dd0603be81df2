"""One page a file; `ui.py` registers them with `st.navigation`."""
