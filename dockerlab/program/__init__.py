"""What `dockerlab` can be told in a real terminal, beside its shell: one module for each word."""
