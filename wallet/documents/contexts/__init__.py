"""Term tables of the vocabularies we read, as data. Nothing here is fetched, and nothing here is a copied file."""
