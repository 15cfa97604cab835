"""/proc and /sys (proc(5), sysfs(5)): what the kernel tells about a machine and its processes at that moment.

filesystem  the two file systems, made anew when something has happened
processes   /proc/PID
system      what stands in /proc beside them
sysctl      /proc/sys
devices     /sys/class/net and /sys/fs/cgroup
"""

from dockerlab.runtime.kernel_files.filesystem import KernelFiles, KernelFs

__all__ = ["KernelFiles", "KernelFs"]
