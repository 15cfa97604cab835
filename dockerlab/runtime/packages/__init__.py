"""Package managers of the simulated machines: apt and dpkg, apk, pip, and what a few installed programs answer."""
