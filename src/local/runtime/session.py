"""A Glue session: reads commands from standard input, one JSON object a line, and answers the same way.

In:  {"op": "start", ...} once, then {"op": "run", "code"} , {"op": "cancel"} , {"op": "sparkUi"} , {"op": "stop"}
Out: {"ready": {...}} or {"failed": text}, then for each run {"progress": 0..1} and {"done": {...}}; {"sparkUi": address or null}
"""
import _thread
import json
import os
import queue
import signal
import sys
import threading
import time

import execution
import lifeline
import spark_context
import spark_ui
import startup


class Channel:
    """The two pipes to the endpoint, kept apart from what user code reads and prints."""

    def __init__(self):
        self._in = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        self._lock = threading.Lock()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(2, 1)

    @property
    def input_descriptor(self):
        return self._in.fileno()

    def receive(self):
        line = self._in.readline()
        return json.loads(line) if line else None

    def send(self, message):
        with self._lock:
            self._out.write(json.dumps(message) + "\n")
            self._out.flush()


class Statements:
    """Runs statements on the main thread, where signals arrive, while another thread listens."""

    def __init__(self, channel, namespace):
        self._channel = channel
        self._namespace = namespace
        self._queue = queue.Queue()
        self._lock = threading.Lock()
        self._pending = 0
        self._running = False
        self._cancelled = False
        self._count = 0

    def listen(self):
        """Never returns: when the endpoint is gone, whatever way it ended, the process goes too."""
        while True:
            message = self._channel.receive()
            if message is None or message["op"] == "stop":
                lifeline.end_all()
            if message["op"] == "cancel":
                # Asking a JVM that hangs must not keep this thread from listening.
                threading.Thread(target=self._cancel, daemon=True).start()
            elif message["op"] == "sparkUi":
                threading.Thread(target=self._tell_spark_ui, daemon=True).start()
            else:
                with self._lock:
                    self._pending += 1
                self._queue.put(message["code"])

    def serve(self):
        threading.Thread(target=self._report_progress, daemon=True).start()
        while True:
            code = self._queue.get()
            self._count += 1
            result = {"cancelled": True}
            try:
                # User code that makes a SparkContext installs a handler of Spark's own.
                signal.signal(signal.SIGINT, self._on_interrupt)
                with self._lock:
                    self._pending -= 1
                    self._running = True
                if not self._cancelled:
                    spark_context.announce_buckets(code)
                    result = execution.run(code, self._count, self._namespace, lambda: self._cancelled)
            except KeyboardInterrupt:
                pass
            self._running = self._cancelled = False
            self._channel.send({"done": result})

    def _on_interrupt(self, _signal, _frame):
        if self._running:
            raise KeyboardInterrupt

    def _cancel(self):
        with self._lock:
            if not self._running and self._pending == 0:
                return
            self._cancelled = True
        spark_context.cancel_jobs()
        if self._running:
            interrupt_main()

    def _tell_spark_ui(self):
        try:
            address = spark_ui.address()
        except Exception:  # a JVM that is gone, or a Spark that makes its UI in another way: there is none then
            address = None
        self._channel.send({"sparkUi": address})

    def _report_progress(self):
        last = None
        while True:
            time.sleep(0.2)
            if not self._running:
                last = None
                continue
            progress = spark_context.progress()
            if progress is not None and progress != last:
                last = progress
                self._channel.send({"progress": progress})


def interrupt_main():
    """Interrupts the main thread, also in a sleep. On Windows a signal sent to a process would end it."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def main():
    channel = Channel()
    lifeline.watch(channel.input_descriptor)
    options = channel.receive()
    try:
        namespace, description = startup.prepare(options)
    except Exception as error:  # told to whoever asked for the session
        channel.send({"failed": f"{type(error).__name__}: {error}"})
        return
    statements = Statements(channel, namespace)
    threading.Thread(target=statements.listen, daemon=True).start()
    channel.send({"ready": description})
    statements.serve()


if __name__ == "__main__":
    main()
