"""The command line: what each command takes; what it does is in `app`, imported only when it is called."""
