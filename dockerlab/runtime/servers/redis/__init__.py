"""Redis: a server that speaks the real protocol (RESP2) over the virtual network, and its client.

`server` is the program with its log, `state` what it knows while it runs, `files` how it keeps its data in dump.rdb
(`rdb`) and in the append-only file. `commands` is the table of commands, filled by a module for each kind of data.
`cli` is redis-cli, `formats` how it shows replies, and `protocol` the language that both speak.
"""
