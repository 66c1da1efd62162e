"""Commands of the web side; the command line loads them when they are called."""
