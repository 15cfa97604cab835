"""PHP as far as lessons about images need it: pages that echo, a handful of functions, and its web server (php.net).

lexer      text between tags, and words between `<?php` and `?>`      values    how PHP prints and compares
parser     statements and expressions as small functions             functions what can be called
page       one page for one request                                  program   the `php` command, `php -S`
"""
