"""Says plainly what AWS Glue has and Local Glue has not, where code asks for it."""
import importlib.abc
import re
import sys

_MODULES = ("awsgluedq", "awsglueml")

# Names of classes and of data sources, in Spark's errors.
_TABLE_FORMATS = re.compile(
    r"org\.apache\.iceberg|io\.delta|org\.apache\.hudi|data source: (?:iceberg|delta|hudi)\b", re.IGNORECASE)


class _Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        module = name.split(".")[0]
        if module in _MODULES:
            raise ModuleNotFoundError(
                f"No module named '{name}'. Local Glue has no {module}: it is part of AWS Glue alone. "
                "Run this cell on AWS, or leave it out here.", name=name)
        return None


def say_so_on_import():
    # Last: whoever installs such a module has it.
    sys.meta_path.append(_Refuse())


def explain(plain):
    """What to add to the text of an error, or an empty text."""
    if _TABLE_FORMATS.search(plain) is None:
        return ""
    return (
        "\nLocal Glue's Spark has no Iceberg, Delta Lake or Hudi; AWS Glue brings them with --datalake-formats. "
        "Run this cell on AWS, or use Parquet here."
    )
