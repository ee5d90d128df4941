"""Alembic runs this for every command; the connection comes from `admin.migrations`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
