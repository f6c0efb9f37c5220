"""Rate limits: how many calls of a bucket may be made in how much time, and what an excess meets."""
