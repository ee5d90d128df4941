"""The reports' pages: figures by whatever one asks, as a picture and as the table it is drawn from."""
