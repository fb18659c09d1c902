"""Records changed one by one: fields may come, go and change their type, in some of them only."""


def mapped(frame, function):
    from pyspark.sql.types import StructField, StructType

    records = frame.rdd.map(lambda row: function(row.asDict(True))).filter(lambda record: record is not None)
    seen = records.flatMap(lambda record: [(name, type(value).__name__) for name, value in record.items()])
    kinds = {}
    for name, kind in seen.distinct().collect():
        kinds.setdefault(name, set()).add(kind)
    before = {field.name: field.dataType for field in frame.schema.fields}
    names = [name for name in before if name in kinds] + sorted(set(kinds) - set(before))
    types = {name: _plain_type(before.get(name), kinds[name] - {"NoneType"}) for name in names}
    unclear = [name for name in names if types[name] is None]
    if unclear:
        types.update(_guessed(records, unclear, frame.sparkSession))
    schema = StructType([StructField(name, types[name]) for name in names])
    rows = records.map(lambda record: tuple(record.get(name) for name in names))
    return frame.sparkSession.createDataFrame(rows, schema)


def _plain_type(before, kinds):
    """The type of a field by what its values are in Python; None where that doesn't tell it."""
    from pyspark.sql import types

    known = {
        "bool": types.BooleanType, "int": types.LongType, "float": types.DoubleType, "str": types.StringType,
        "date": types.DateType, "datetime": types.TimestampType, "bytearray": types.BinaryType, "bytes": types.BinaryType,
    }
    if not kinds:
        return before or types.StringType()
    if kinds == {"int", "float"}:
        return types.DoubleType()
    if (isinstance(before, types.MapType) and kinds == {"dict"}) or (
            isinstance(before, types.DecimalType) and kinds == {"Decimal"}):
        return before
    found = known.get(next(iter(kinds))) if len(kinds) == 1 else None
    if found is None:
        return None
    # Python has one type for all integers, and one for all floats.
    families = (types.IntegralType, types.FractionalType, types.StringType, types.BooleanType,
                types.DateType, types.TimestampType, types.BinaryType)
    family = next(family for family in families if issubclass(found, family))
    return before if isinstance(before, family) and not isinstance(before, types.DecimalType) else found()


def _guessed(records, names, session):
    """As Spark guesses the types of structures and lists, with all records looked at."""
    from pyspark.sql import Row

    rows = records.map(lambda record: Row(*names)(*(_as_row(record.get(name)) for name in names)))
    schema = session.createDataFrame(rows, samplingRatio=1.0).schema
    return {field.name: field.dataType for field in schema.fields}


def _as_row(value):
    from pyspark.sql import Row

    if isinstance(value, dict):
        return Row(**{key: _as_row(item) for key, item in value.items()})
    return [_as_row(item) for item in value] if isinstance(value, list) else value
