"""From image to process: the simulated kernel, programs and their shell, containers and their states."""
