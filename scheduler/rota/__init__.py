"""The rota: shifts with places to fill, helpers who take and leave them, and everything that changes either."""
