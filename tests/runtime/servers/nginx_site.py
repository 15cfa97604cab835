"""The site that both the real nginx and the simulated one serve, and what is asked of them."""

from __future__ import annotations

PREFIX = "/srv/site"
MODIFIED = "2026-11-01T00:00:00Z"

TYPES = "types { text/html html; text/plain txt; image/png png; }\n"

CONFIG = """\
worker_processes 1;
error_log logs/error.log notice;
pid nginx.pid;
events { worker_connections 64; }
http {
  include types;
  default_type application/octet-stream;
  access_log logs/access.log;
  upstream back { server 127.0.0.1:18081; }
  map $arg_kind $kind { default none; a first; ~^b second; }
  server {
    listen 127.0.0.1:18080; root html; index index.html;
    add_header X-A b; add_header X-B c always;
    location / { error_page 404 /gone.html; }
    location /list/ { autoindex on; }
    location /listed { return 200 "$kind $arg_kind\\n"; }
    location /e2 { error_page 404 =200 /index.html; }
    location /e3 { error_page 404 @named; }
    location @named { return 418 "named $uri\\n"; }
    location /p/ { proxy_pass http://back/; }
    location /q { proxy_pass http://back; proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr; }
    location /dead { proxy_pass http://127.0.0.1:1; }
    location /gone { return 404; }
    location /url { return 301 https://$host$request_uri; }
    location /there { return http://elsewhere/; }
    location /last { rewrite ^/last/(.*)$ /list/$1 last; }
    location /break { rewrite ^/break/(.*)$ /list/$1 break; }
    location /redirect { rewrite ^/redirect/(.*)$ /list/$1 redirect; }
    location /permanent { rewrite ^/permanent/(.*)$ http://h/$1 permanent; }
    location /deny { deny all; }
    location /plain { default_type text/plain; return 200 "a"; }
    location /alias/ { charset utf-8; alias html/list/; }
    location /empty { return 204; }
    location /hangup { return 444; }
    location /secret { auth_basic "x"; auth_basic_user_file passwords; }
    location /inner { internal; }
    location /try { try_files $uri $uri/ /index.html; }
    location /only { try_files $uri =404; }
    location /read { limit_except GET { deny all; } return 200 "read\\n"; }
    location ~ ^/re/(?<word>\\w+)$ { return 200 "$word $1\\n"; }
    location ~* ^/BARE/.*\\.TXT$ { add_header X-Text yes; }
    location = /exact { return 200 "exact\\n"; }
    location ^~ /list/first { return 200 "first\\n"; }
    location /if {
      if ($request_method = POST) { return 405; }
      if ($arg_x ~ "^(\\d+)$") { return 200 "number $1\\n"; }
      return 200 "other\\n";
    }
    location /show { return 200 "$host $server_port $scheme $request_method $args $is_args $uri $status\\n"; }
  }
  server { listen 127.0.0.1:18080; server_name two *.three.example; return 200 "two: $server_name\\n"; }
  server {
    listen 127.0.0.1:18081;
    location / {
      return 200 "$request_method $request_uri $http_host $http_connection $http_x_real_ip $server_protocol\\n";
      default_type text/plain; add_header Set-Cookie a=b;
    }
  }
}
"""

FILES = {
    "html/index.html": "<h1>hi</h1>\n",
    "html/list/b.txt": "x\n",
    "html/list/a b&c.html": "yy\n",
    "html/list/sub/z.txt": "z\n",
    "html/bare/file.txt": "bare\n",
    "passwords": "me:{PLAIN}secret\n",
}

URLS = """\
/ /index.html /nope /e2/x /e3/x /p /p/a/b?c=d /q/z /dead /gone /url/x?y=z /there /last/b.txt /break/b.txt
/redirect/b.txt /permanent/b.txt /deny /plain /alias/a%20b%26c.html /empty /secret /inner /try/x /only/x /re/one
/exact /exact/ /list /list/ /list/first/x /list/b.txt /bare/ /bare /bare/file.txt /if?x=12 /if?x=a /show/a%20b?q=1
/list/../index.html /%2e%2e/%2e%2e/etc/passwd /list//b.txt /%00 /listed?kind=a /listed?kind=bcd /listed /index.html?x
""".split()

SPECIAL = [
    ["-XPOST", "/"],
    ["-XDELETE", "/list/b.txt"],
    ["-XPOST", "/read"],
    ["-XPOST", "/if"],
    ["-I", "/"],
    ["-HRange: bytes=0-3", "/"],
    ["-HRange: bytes=-2", "/"],
    ["-HIf-Modified-Since: Sun, 01 Nov 2026 00:00:00 GMT", "/"],
    ['-HIf-None-Match: "6ae68100-c"', "/"],
    ["-dx=y", "/q/post"],
    ["-HHost:", "/"],
    ["-HHost: two", "/"],
    ["-HHost: a.three.example:80", "/"],
    ["-ume:secret", "/secret"],
    ["-ume:wrong", "/secret"],
    ["-HX-Forwarded-For: 1.2.3.4", "/p/x"],
]

REQUESTS = [[url] for url in URLS] + SPECIAL

MISTAKES = r"""
events {
events {}\nhttp { server { listen 80 } }
events {} }
events {};
user "x
http { server { listen 80; location / { root "a"b; } } } events {}
events {} http { server { location / { } location / { } } }
events {} http { server { location = / { } location ~ [ { } } }
events {} http { server { location ~ ( { } } }
events {} http { server { listen abc:99999; } }
events {} http { server { listen 99999; } }
http { server { listen 80 foo; } } events {}
events {} http { upstream a { } server { } }
events {} http { upstream a { server nohost:80; } }
events {} http { upstream a { server 127.0.0.1 foo=1; } }
events {} http { upstream a { server 127.0.0.1:abc; } }
events {} http { server { location / { proxy_pass http://nohost; } } }
events {} http { server { location / { proxy_pass nohost; } } }
events {} http { server { location ~ x { proxy_pass http://127.0.0.1/; } } }
events {} http { include nofile.conf; }
events {} http { access_log /x/y combined; }
events {} http { access_log logs/a nof; }
error_log /no/such/x; events {}
events {} http { server { listen 80; listen 80; } }
events {} http { server { listen 18080; server_name a; } server { listen 18080; server_name a; } }
events {} http { server { listen 80 default_server; } server { listen 80 default_server; } }
events {} http { server { listen 443 ssl; } }
events {} http { server { if $a { } } }
events {} http { server { return 200 $nope; } }
events {} http { server { return 99999; } }
events {} http { server { set x y; } }
events {} http { server { location /a { location /b { } } } }
events {} http { server { location { } } }
events {} http { server { location foo bar { } } }
events {} http { server { rewrite [ /x; } }
events {} http { log_format x; }
events {} http { server { location / { try_files $uri; } } }
events {} http { error_page 200 /x; }
events {} http {
events {} http { server { try_files\n$uri
events { } foo bar {
"a" "b";
events {} http { server { listen 80; server_nam x; } }
events {} http { server { listen 80; location /x { alias /y; root /z; } } }
events {} http { server { root a; root b; } }
events {} http { sendfile yes; }
events {} http { keepalive_timeout foo; }
events { worker_connections x; }
worker_processes abc; events {}
user nosuch; events {}
events {} server { listen 80; }
events {} http { location / { } }
http { }
events {} http { server { listen 18080; if ($host = "a") { return 301 /; } } }
events {} http { server { listen 18080; index a b; gzip on; client_max_body_size 10m; } }
""".strip("\n").split("\n")  # fmt: skip
