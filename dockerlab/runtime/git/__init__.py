"""git, as far as the image lessons type it: clone a few simulated repositories, look at them, commit.

What lies in `.git` is real (git-scm.com/docs: gitrepository-layout, gitformat-index, user-manual "The Object
Database"), so that the real git reads it, and reads on where this one stops.

    objects      blobs, trees and commits, by their SHA-1
    index        the staging area
    repository   HEAD, branches, configuration
    changes      what differs between commit, index and working tree
    remotes      the simulated repositories that can be cloned
    command      the subcommands, from `getting`, `looking` and `changing`; `words` is what these share
"""
