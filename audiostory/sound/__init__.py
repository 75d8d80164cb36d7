"""Sound: speech, cues and pauses go in; one tagged MP3 and the timeline come out.

clip.py makes a passage's run of MP3 frames, stitch.py lays the runs end to end, tags.py says
what the file is. loudness.py holds voices and cues to the show's loudness.
"""
