"""Plain reads for pages and API: frozen rows, no rules, no writes."""
