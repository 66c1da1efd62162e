"""HTTP in, HTML and JSON out: the only package that knows Flask."""
