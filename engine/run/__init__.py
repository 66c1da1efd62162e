"""Commands, handlers, reconcile, the one transaction frame, the worker."""
