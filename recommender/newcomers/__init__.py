"""Items that came or changed after the last training: an overlay beside the bundle, kept by every web worker."""
