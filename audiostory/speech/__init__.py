"""Speech: what is to be said goes in, samples with word marks come out.

engine.py is the whole plug-in interface; each engine is one file; casting finds the voice of
an engine that a stylesheet's voice-family asks for.
"""
