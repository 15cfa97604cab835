"""From a Dockerfile and a context to an image: one core, two front ends (BuildKit's and the legacy builder's).

dockerfile, directives, words, ignore     reading texts
instructions, reading, stages             what they ask for
context, sources, placing, checksums      files: where from, where to, what they are
settings, arguments, expansion            what the instructions without files do
cache                                     what was built before, and why something can't be taken from there
legacy (_steps, _images)                  the legacy builder
buildkit (graph, solver, export, checks)  BuildKit
backend                                   what the engine has to provide
"""
