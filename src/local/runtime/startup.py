"""Makes the namespace that statements run in, as the session's arguments ask for it."""
import os
import platform
import subprocess
import sys
import tempfile
import types

import no_spark
import only_on_aws
import s3_folder
import spark_context


_own_path = list(sys.path)


def prepare(options):
    """Returns the namespace and a description of the engine. Raises when an argument can't be met."""
    arguments = options["arguments"]
    s3_folder.register(options["s3Directory"])
    _add_modules(arguments.get("--additional-python-modules", ""))
    _add_files(arguments.get("--extra-py-files", ""))
    os.environ.setdefault("MPLBACKEND", "Agg")
    only_on_aws.say_so_on_import()
    namespace = _main_module()
    description = {"python": platform.python_version(), "spark": None}
    sys.argv = _argv(arguments)
    if options["spark"]:
        added = [path for path in sys.path if path not in _own_path]
        session = spark_context.create(options["s3Directory"], arguments, options["catalog"], added)
        namespace.update(spark=session, sc=session.sparkContext)
        description["spark"] = session.version
    else:
        no_spark.say_so_on_import()
    return namespace, description


def _main_module():
    """The user's own `__main__`: pickle and typing look names up there."""
    module = types.ModuleType("__main__")
    # This program's own module must not be collected: its functions run on.
    module.__builtins__ = __builtins__
    sys.modules["__glue_session__"] = sys.modules["__main__"]
    sys.modules["__main__"] = module
    return module.__dict__


def _argv(arguments):
    """Arguments as a Glue script finds them, for getResolvedOptions."""
    pairs = [part for key, value in arguments.items() for part in (key, value)]
    return ["session.py"] + pairs


def _add_modules(text):
    modules = [name.strip() for name in text.split(",") if name.strip()]
    if not modules:
        return
    folder = tempfile.mkdtemp(prefix="glue-session-modules-")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder]
    done = subprocess.run(command + modules, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise RuntimeError(f"--additional-python-modules {text} could not be installed: {reason}")
    sys.path.insert(0, folder)


def _add_files(text):
    for name in (part.strip() for part in text.split(",")):
        if not name:
            continue
        path = s3_folder.local_path(name)
        if not os.path.exists(path):
            raise FileNotFoundError(f"--extra-py-files names {name}, which isn't there")
        sys.path.insert(0, os.path.dirname(path) if path.endswith(".py") else path)
