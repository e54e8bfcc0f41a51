"""The simulators over a server that misbehaves frame by frame; the endpoints decide as with the fast one."""
