"""The application: reads the files, builds everything, wires it and keeps it running.

- files    reading text; a file that cannot be read is a problem, not a traceback
- load     from files to what a proxy is built from
- check    `zoneproxy check`; and explain, cases (`zoneproxy test`), difference (`zoneproxy diff`)
- service  a running proxy and what stands around it
- run      `zoneproxy run`: the event loop and the signals
"""
