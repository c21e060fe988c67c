"""The window against its budgets: each part in a process of its own, without a screen; its rows come as JSON."""
