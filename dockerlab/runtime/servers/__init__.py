"""Servers and their clients: programs that listen at a port of the virtual network until a signal ends them."""
