"""Apple's and Google's doors: bytes over pyreqwest, exceptions made into values.

aioapns and pyfcm are the oracles of the tests and are not imported here: of the first, push types and priorities
are two words each; the second has no vocabulary for v1 beyond exceptions, and costs 0.17 s and 31 MiB of a fresh
process (google-auth, requests). Their sockets are not used at all (DESIGN 5, "Transport").
"""
