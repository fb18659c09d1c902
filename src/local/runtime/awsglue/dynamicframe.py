from awsglue.missing import NotInLocalGlue

# Glue's names of types that Spark calls otherwise.
_TYPES = {"long": "bigint", "integer": "int"}


class DynamicFrame:
    """A DataFrame under Glue's name: columns have one type each, so there is no choice to resolve."""

    def __init__(self, data_frame, glue_ctx, name=""):
        self._data_frame = data_frame
        self.glue_ctx = glue_ctx
        self.name = name

    @classmethod
    def fromDF(cls, dataframe, glue_ctx, name=""):
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options=None):
        return self._data_frame

    def show(self, num_rows=20):
        for row in self._data_frame.limit(num_rows).toJSON().collect():
            print(row)

    def count(self):
        return self._data_frame.count()

    def printSchema(self):
        self._data_frame.printSchema()

    def schema(self):
        return self._data_frame.schema

    def select_fields(self, paths, **rest):
        return self._with(self._data_frame.select(*_columns(paths)))

    def drop_fields(self, paths, **rest):
        return self._with(self._data_frame.drop(*([paths] if isinstance(paths, str) else paths)))

    def rename_field(self, oldName, newName, **rest):
        return self._with(self._data_frame.withColumnRenamed(oldName, newName))

    def apply_mapping(self, mappings, **rest):
        from pyspark.sql.functions import col

        columns = []
        for mapping in mappings:
            source, target, kind = _mapping(mapping)
            column = col(source) if kind is None else col(source).cast(_TYPES.get(kind, kind))
            columns.append(column.alias(target))
        return self._with(self._data_frame.select(*columns))

    def resolveChoice(self, specs=None, choice="", **rest):
        """Columns have one type each here, so that only casts change anything."""
        from pyspark.sql.functions import col

        if choice not in ("", "make_struct", "make_cols") and not choice.startswith("cast:"):
            raise NotInLocalGlue(f"choice '{choice}' in DynamicFrame.resolveChoice")
        frame = self._data_frame
        actions = dict(specs or [(name, choice) for name in frame.columns if choice])
        for name, action in actions.items():
            if action.startswith(("cast:", "project:")):
                kind = action.split(":", 1)[1]
                frame = frame.withColumn(name, col(name).cast(_TYPES.get(kind, kind)))
            elif action not in ("make_struct", "make_cols"):
                raise NotInLocalGlue(f"action '{action}' in DynamicFrame.resolveChoice")
        return self._with(frame)

    def repartition(self, num_partitions, **rest):
        return self._with(self._data_frame.repartition(num_partitions))

    def coalesce(self, num_partitions, **rest):
        return self._with(self._data_frame.coalesce(num_partitions))

    def filter(self, f, **rest):
        frame = self._data_frame
        return self._with(frame.sparkSession.createDataFrame(frame.rdd.filter(lambda row: f(row.asDict(True))), frame.schema))

    def map(self, f, **rest):
        from pyspark.sql import Row

        frame = self._data_frame
        rows = frame.rdd.map(lambda row: Row(**f(row.asDict(True))))
        return self._with(rows.toDF() if not rows.isEmpty() else frame)

    def join(self, paths1, paths2, frame2, **rest):
        left, right = self._data_frame, frame2.toDF()
        condition = [left[one] == right[two] for one, two in zip(_columns(paths1), _columns(paths2))]
        return self._with(left.join(right, condition))

    def _with(self, data_frame):
        return DynamicFrame(data_frame, self.glue_ctx, self.name)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"DynamicFrame.{name}")


class DynamicFrameReader:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_options(self, connection_type, connection_options=None, format=None, format_options=None, **rest):
        return self._glue_context.create_dynamic_frame_from_options(
            connection_type, connection_options, format, format_options, **rest)

    def from_catalog(self, database=None, table_name=None, **rest):
        return self._glue_context.create_dynamic_frame_from_catalog(database, table_name, **rest)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"create_dynamic_frame.{name}")


class DynamicFrameWriter:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_options(self, frame, connection_type, connection_options=None, format=None, format_options=None, **rest):
        return self._glue_context.write_dynamic_frame_from_options(
            frame, connection_type, connection_options, format, format_options, **rest)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"write_dynamic_frame.{name}")


def _columns(paths):
    return [paths] if isinstance(paths, str) else list(paths)


def _mapping(mapping):
    """(source, target) or (source, source type, target, target type)."""
    if len(mapping) == 2:
        return mapping[0], mapping[1], None
    if len(mapping) == 4:
        return mapping[0], mapping[2], mapping[3]
    raise ValueError(f"a mapping has two or four parts, this one has {len(mapping)}: {mapping!r}")
