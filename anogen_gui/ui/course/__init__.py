"""How a learning or a training goes: its progress, its pictures over the steps, its figures, what went wrong."""
