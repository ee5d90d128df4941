"""E-mail as a way in: mailboxes are read, messages become tickets, and whoever wrote is answered."""
