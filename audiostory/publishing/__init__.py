"""Publishing: an episode goes in; what people subscribe to and read comes out.

transcript.py, chapters.py and page.py are views of one episode; cover.py is the show's picture;
manifest.py is what is kept of an episode; feed.py is a view over manifests. places.py decides
where an episode belongs, and site.py puts it there with the help of files.py.
"""
