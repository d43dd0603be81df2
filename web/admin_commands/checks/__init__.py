"""What `haru-admin check` looks at, one subject a file. Each has `findings()`."""
