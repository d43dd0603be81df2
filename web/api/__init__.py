"""The personal API: what a person's own programs may do with a token (diary/api_tokens.py).

openapi.json describes it; tests compare the description with the routes and with every answer.
"""
