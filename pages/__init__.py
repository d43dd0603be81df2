"""One screen a file; `ui.py` registers them with `st.navigation`."""
