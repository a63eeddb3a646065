"""What whole runs cost over a loopback web, beside bare loops and a peer that watch the same pages."""
