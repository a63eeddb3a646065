"""Whether killed and concurrent runs leave what an undisturbed run leaves: `python -m bench.interruptions`."""
