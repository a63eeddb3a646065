"""Metadata interfaces: where to ask, and pure readers of what they answer, one module an interface.

A reader takes a source id and an `ApiAnswer` and gives an `ApiReading`. It never raises and never
concludes: what it cannot use is a note, and a document that is not the interface's is a `problem`.
"""
