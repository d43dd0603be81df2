"""Sign-in by an organisation's OpenID Connect provider: it says who one is, and opens no diary."""
