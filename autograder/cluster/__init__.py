"""Hand-ins on the workers of a Dask cluster. Dask is an extra: what needs it imports it when it is used."""
