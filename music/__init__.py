"""Music: what there is to hear, what it sounds like, and how a list is chosen. Knows no Streamlit, no diary, no user."""
