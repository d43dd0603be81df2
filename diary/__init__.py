"""The diary itself: accounts, keys, entries. Knows no Streamlit and no browser."""
