"""The commands of `haru` that talk to a running Haru by its API. They import no model and no database."""
