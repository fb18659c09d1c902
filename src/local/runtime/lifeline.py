"""Sees to it that nothing of a session outlives the endpoint, whatever the code does and however the endpoint ends."""
import os
import select
import signal


def watch(descriptor):
    """Forks a process that ends the whole group once nobody holds the other end of the pipe: this process may be deep in
    C code then, and hear nothing."""
    if not hasattr(os, "fork") or os.getpgrp() != os.getpid():
        return
    if os.fork() != 0:
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    poll = select.poll()
    poll.register(descriptor, 0)
    while not any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def end_all():
    """Ends this process and everything it started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)
