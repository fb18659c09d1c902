"""Measures the official kernel: cells sent through jupyter_client, from execute_request to its reply.

Reads {"endpoint", "short", "long", "short_magics", "long_magics", "setup"} from standard input, writes one JSON list.
With `-f FILE` it is the kernel itself: as `python -m aws_glue_interactive_sessions_kernel.glue_pyspark.GlueKernel`,
but for its STS address, which is fixed to AWS and here replaced before the kernel's class is made.
"""
import json
import os
import pathlib
import sys
import tempfile
import threading
import time


def be_the_kernel():
    from aws_glue_interactive_sessions_kernel.glue_pyspark.GlueKernel import GlueKernel
    from aws_glue_interactive_sessions_kernel.glue_kernel_utils.KernelGateway import KernelGateway
    from ipykernel.kernelapp import IPKernelApp

    KernelGateway._get_sts_endpoint_url = lambda _self, _region: os.environ["BENCH_ENDPOINT"]
    IPKernelApp.launch_instance(kernel_class=GlueKernel)


class Kernel:
    def __init__(self, magics, session):
        from jupyter_client import KernelManager

        self.session = session
        self.manager = KernelManager(kernel_name="bench_glue")
        self.manager.start_kernel(stderr=sys.stderr)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        for code in (magics, "1"):
            self.run(code)

    def run(self, code):
        start = time.time()
        sent = self.client.execute(code)
        while True:
            reply = self.client.get_shell_msg(timeout=120)
            if reply["parent_header"].get("msg_id") == sent:
                break
        end = time.time()
        self.check(sent)
        return start, end

    def check(self, sent):
        """Reads what was shown until the kernel is idle, and stops the measurement on an error."""
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") != sent:
                continue
            content = message["content"]
            if message["msg_type"] == "error" or content.get("name") == "stderr":
                raise RuntimeError(f"the official kernel failed: {content}")
            if content.get("execution_state") == "idle":
                return

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def code_of(seconds):
    return "1" if seconds == 0 else f"import time\ntime.sleep({seconds})"


def measured(kernel, lasts_from, seconds, is_alone):
    start, end = kernel.run(code_of(seconds))
    return {
        "session": kernel.session,
        "from": lasts_from,
        "start": start * 1000,
        "end": end * 1000,
        "isAlone": is_alone,
    }


def measure():
    plan = json.load(sys.stdin)
    kernels = pathlib.Path(tempfile.mkdtemp(prefix="glue-sessions-bench-"))
    spec = kernels / "kernels" / "bench_glue"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        json.dumps(
            {
                "argv": [sys.executable, os.path.abspath(__file__), "-f", "{connection_file}"],
                "display_name": "Glue PySpark",
                "language": "python",
            }
        )
    )
    os.environ["JUPYTER_PATH"] = str(kernels)
    os.environ["BENCH_ENDPOINT"] = plan["endpoint"]
    cells = []
    short = Kernel(plan["magics"].replace("PREFIX", "bench-kernel-short"), "bench-kernel-short")
    cells += [measured(short, seconds, seconds, True) for seconds in plan["short"]]
    short.stop()
    print("official kernel: the short statements have run", file=sys.stderr)
    names = [f"bench-kernel-long-{index}" for index in range(len(plan["long"]))]
    long = [Kernel(plan["magics"].replace("PREFIX", name), name) for name in names]
    for lasts_from in sorted({statement["from"] for statements in plan["long"] for statement in statements}):
        def run(kernel, statements):
            for statement in statements:
                if statement["from"] == lasts_from:
                    cells.append(measured(kernel, lasts_from, statement["seconds"], False))

        threads = [threading.Thread(target=run, args=pair) for pair in zip(long, plan["long"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for kernel in long:
        kernel.stop()
    json.dump(cells, sys.stdout)


if "-f" in sys.argv:
    be_the_kernel()
elif __name__ == "__main__":
    measure()
