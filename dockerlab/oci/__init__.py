"""What things are, as pure values: digests, descriptors, manifests, image configurations and image names."""
