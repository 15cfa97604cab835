"""The commands that are part of the shell itself (POSIX.1-2024 XCU 2.15 and 1.7), by theme."""
