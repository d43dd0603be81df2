"""The commands of `haru-admin`, one a file. Each file has `add(commands)`, which web/admin.py calls.

`add` makes the command's parser with `command.add` (web/admin_commands/command.py) and names its `run`, which returns
an `Outcome` or raises a `CommandError`.
"""
