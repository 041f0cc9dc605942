"""The commands, a module for each (or for a close family); ``cli`` puts them together.

A command reads its arguments, calls ``app``, prints, and ends with an exit code. ``common`` has what they share: exit
codes, options, and how problems of files are told. What a command needs is imported when it runs, so that
``--help`` answers at once.
"""
