"""Paths of fields as Glue writes them: `a.b` leads into a structure, and in backquotes a dot is part of the name."""


def name_of(path):
    """The name of a column, without its quotes."""
    text = path.strip()
    return text[1:-1].replace("``", "`") if len(text) > 1 and text[0] == text[-1] == "`" else text


def is_nested(path, frame):
    return not path.strip().startswith("`") and "." in path and path not in frame.columns


def quoted(name):
    """A name as Spark takes it literally, whatever is in it."""
    return "`" + name.replace("`", "``") + "`"


def column(path, frame):
    """The column that a path leads to. A name with a dot may be given without quotes where there is such a column."""
    from pyspark.sql.functions import col

    return col(path) if is_nested(path, frame) else col(quoted(name_of(path)))


def as_list(paths):
    return [paths] if isinstance(paths, str) else list(paths)
