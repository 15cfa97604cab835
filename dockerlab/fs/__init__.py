"""Files, and how layers stack: contents, trees, tar archives, layers, overlayfs, mounts and storage drivers."""
