"""Nested data as flat tables: structures become columns with dots in their names, lists tables of their own."""
from awsglue.paths import quoted


def unnested(frame):
    """Structures flattened, at any depth; lists stay."""
    from pyspark.sql.functions import col
    from pyspark.sql.types import StructType

    columns = []

    def flatten(source, name, kind):
        if not isinstance(kind, StructType):
            columns.append(col(source).alias(name))
            return
        for field in kind.fields:
            flatten(f"{source}.{quoted(field.name)}", f"{name}.{field.name}", field.dataType)

    for field in frame.schema.fields:
        flatten(quoted(field.name), field.name, field.dataType)
    return frame.select(*columns)


def relationalized(frame, root):
    """Tables by name: the root, and one for each list, which its rows lead to by an id."""
    from pyspark.sql.functions import col, monotonically_increasing_id, posexplode, when
    from pyspark.sql.types import ArrayType

    flat = unnested(frame)
    lists = [field.name for field in flat.schema.fields if isinstance(field.dataType, ArrayType)]
    for name in lists:
        # Kept beside the list until both tables have been made of it.
        flat = flat.withColumn(f"{name}\0id", when(col(quoted(name)).isNotNull(), monotonically_increasing_id() + 1))
    if lists:
        flat = flat.persist()
    tables = {root: flat.select(*(
        col(quoted(f"{name}\0id" if name in lists else name)).alias(name)
        for name in flat.columns if not name.endswith("\0id")))}
    for name in lists:
        items = flat.select(col(quoted(f"{name}\0id")).alias("id"), posexplode(col(quoted(name))).alias("index", f"{name}.val"))
        tables.update(relationalized(items, f"{root}_{name}"))
    return tables
