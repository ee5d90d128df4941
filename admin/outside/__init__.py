"""Whoever we speak with outside: the mail server, mailboxes, the web."""
