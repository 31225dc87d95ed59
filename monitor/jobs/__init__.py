"""The jobs: order only. Each walks through the rooms and fits on a screen; deciding is done elsewhere."""
