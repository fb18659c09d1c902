"""Says plainly, where Spark is asked for, that this engine has none."""
import importlib.abc
import sys

REASON = (
    "Spark is asked for, but Local Glue runs with --engine python. "
    "Start it with --engine auto or --engine spark to have Spark."
)


class _Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("pyspark", "awsglue"):
            raise ModuleNotFoundError(f"No module named '{name}'. {REASON}", name=name)
        return None


def say_so_on_import():
    sys.meta_path.insert(0, _Refuse())


def explain(error):
    """What to add to an error that stems from the lack of Spark, or an empty text."""
    is_name = isinstance(error, NameError) and getattr(error, "name", None) in ("spark", "sc", "glueContext")
    return f". {REASON}" if is_name and any(isinstance(item, _Refuse) for item in sys.meta_path) else ""
