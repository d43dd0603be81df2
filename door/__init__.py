"""The front door: what happens before Streamlit may run. Plain forms that work without JavaScript."""
