"""The sandbox: everything on this machine, with made-up people, phones in a browser, a clock and faults (R45)."""
