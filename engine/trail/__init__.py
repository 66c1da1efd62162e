"""The audit trail: a chain per instance, a signed log of their heads, and who checks both."""
