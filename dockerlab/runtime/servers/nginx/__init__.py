"""nginx: its configuration language, its phases, its processes (nginx.org, "Beginner's Guide" and the modules' pages).

syntax      the language: words, blocks, include      directives   which words are allowed where
scopes      what a block says and what it inherits    config       servers, locations, upstreams
variables   $host, $uri, …                            rewriting    return, rewrite, set, if
phases      from a request to a location              content      files and listings
proxy       what another server answers               pages        the pages for errors
logs        access and error log                      site         one worker's answers
master      master and workers                        program      the command line
"""
