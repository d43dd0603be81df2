"""Reminders: when one is due, and how it is sent by web push, e-mail or a channel of the operator."""
