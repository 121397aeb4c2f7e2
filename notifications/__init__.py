"""Who is told what, by which way, and the live stream that open pages listen to."""
