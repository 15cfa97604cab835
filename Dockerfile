FROM busybox:1.35
RUN exit 3
