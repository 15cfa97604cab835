"""Apache's httpd: its configuration, its answers, its processes (httpd.apache.org, docs/2.4).

syntax    lines, sections, Include       config    what holds for a server, a folder, a file
site      from a request to an answer    pages     the pages for errors, and listings
logs      error log and LogFormat        program   httpd, apache2, apachectl, and their processes
"""
