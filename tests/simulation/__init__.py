"""The path over fakes of its ports, on a virtual clock, with every choice made by a seed."""
