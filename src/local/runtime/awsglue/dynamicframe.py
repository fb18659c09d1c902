from awsglue.collection import DynamicFrameCollection
from awsglue.mapped import mapped
from awsglue.missing import NotInLocalGlue
from awsglue.paths import as_list, column, is_nested, name_of, quoted
from awsglue.relational import relationalized, unnested

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
        print("root")
        _print_fields(self._data_frame.schema, "|-- ")

    def schema(self):
        return self._data_frame.schema

    def select_fields(self, paths, **rest):
        frame = self._data_frame
        return self._with(frame.select(*(column(path, frame) for path in as_list(paths))))

    def drop_fields(self, paths, **rest):
        frame = self._data_frame
        for path in as_list(paths):
            if is_nested(path, frame):
                outer, inner = path.split(".", 1)
                if outer in frame.columns:
                    frame = frame.withColumn(outer, frame[quoted(outer)].dropFields(inner))
            else:
                frame = frame.drop(name_of(path))
        return self._with(frame)

    def rename_field(self, oldName, newName, **rest):
        return self._with(self._data_frame.withColumnRenamed(name_of(oldName), name_of(newName)))

    def apply_mapping(self, mappings, **rest):
        frame, columns = self._data_frame, []
        for mapping in mappings:
            source, target, kind = _mapping(mapping)
            found = column(source, frame)
            columns.append((found if kind is None else found.cast(_type(kind))).alias(name_of(target)))
        return self._with(frame.select(*columns))

    def resolveChoice(self, specs=None, choice="", **rest):
        """Columns have one type each here, so that only casts change anything."""
        if choice not in ("", "make_struct", "make_cols") and not choice.startswith("cast:"):
            raise NotInLocalGlue(f"choice '{choice}' in DynamicFrame.resolveChoice")
        frame = self._data_frame
        actions = dict(specs or [(quoted(name), choice) for name in frame.columns if choice])
        for path, action in actions.items():
            if action.startswith(("cast:", "project:")):
                kind = action.split(":", 1)[1]
                frame = frame.withColumn(name_of(path), column(path, frame).cast(_type(kind)))
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
        return self._with(mapped(self._data_frame, f))

    def join(self, paths1, paths2, frame2, **rest):
        """Fields of the second frame that the first has too get a dot before their name, as in Glue."""
        left, right = self._data_frame, frame2.toDF()
        names2 = {name: f".{name}" if name in left.columns else name for name in right.columns}
        right = right.toDF(*names2.values())
        renamed = [quoted(names2.get(name_of(path), name_of(path))) for path in as_list(paths2)]
        condition = [left[quoted(name_of(one))] == right[two] for one, two in zip(as_list(paths1), renamed)]
        return self._with(left.join(right, condition))

    def unnest(self, **rest):
        return self._with(unnested(self._data_frame))

    def relationalize(self, root_table_name, staging_path=None, options=None, **rest):
        return self._collection(relationalized(self._data_frame, root_table_name))

    def unbox(self, path, format, **rest):
        """Text that holds JSON, as a structure."""
        from pyspark.sql.functions import from_json

        if format != "json":
            raise NotInLocalGlue(f"format '{format}' in DynamicFrame.unbox")
        frame, name = self._data_frame, name_of(path)
        texts = frame.select(column(path, frame)).rdd.map(lambda row: row[0])
        schema = frame.sparkSession.read.json(texts).schema
        return self._with(frame.withColumn(name, from_json(column(path, frame), schema)))

    def drop_null_fields(self):
        """Without the fields that hold nothing in any record."""
        from pyspark.sql.functions import col, count

        frame = self._data_frame
        counts = frame.agg(*(count(col(quoted(name))) for name in frame.columns)).first()
        return self._with(frame.drop(*(name for name, found in zip(frame.columns, counts) if found == 0)))

    def split_fields(self, paths, name1, name2, **rest):
        frames = {name1: self.select_fields(paths), name2: self.drop_fields(paths)}
        return DynamicFrameCollection(frames, self.glue_ctx)

    def split_rows(self, comparison_dict, name1, name2, **rest):
        """Rows that meet every comparison, and the others."""
        import operator
        from pyspark.sql.functions import coalesce, lit

        known = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
                 "=": operator.eq, "==": operator.eq, "!=": operator.ne}
        frame, meets = self._data_frame, lit(True)
        for path, comparisons in comparison_dict.items():
            for sign, value in comparisons.items():
                meets = meets & known[sign](column(path, frame), lit(value))
        meets = coalesce(meets, lit(False))
        return self._collection({name1: frame.where(meets), name2: frame.where(~meets)})

    def spigot(self, path, options=None, **rest):
        """Writes some of the records, and hands all of them on."""
        given = options or {}
        some = self._data_frame
        if "prob" in given:
            some = some.sample(float(given["prob"]))
        if "topk" in given:
            some = some.limit(int(given["topk"]))
        some.write.mode("append").json(path)
        return self

    def _collection(self, tables):
        frames = {name: DynamicFrame(frame, self.glue_ctx, name) for name, frame in tables.items()}
        return DynamicFrameCollection(frames, self.glue_ctx)

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


class DataFrameReader:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_catalog(self, database=None, table_name=None, **rest):
        return self._glue_context.create_data_frame_from_catalog(database, table_name, **rest)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"create_data_frame.{name}")


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


def _type(name):
    lower = name.lower()
    return _TYPES.get(lower, lower)


def _print_fields(schema, lead):
    for field in schema.fields:
        _print_field(lead, field.name, field.dataType)


def _print_field(lead, name, kind):
    """Fields as Glue prints them: its own names of types, and nothing on nullability."""
    names = {"bigint": "long", "tinyint": "byte", "smallint": "short", "void": "null"}
    simple = kind.typeName() if kind.typeName() in ("struct", "array", "map") else kind.simpleString()
    print(f"{lead}{name}: {names.get(simple, simple)}")
    inner = "|    " + lead
    if simple == "struct":
        _print_fields(kind, inner)
    elif simple == "array":
        _print_field(inner, "element", kind.elementType)
    elif simple == "map":
        _print_field(inner, "keyType", kind.keyType)
        _print_field(inner, "valueType", kind.valueType)


def _mapping(mapping):
    """(source, target) or (source, source type, target, target type)."""
    if len(mapping) == 2:
        return mapping[0], mapping[1], None
    if len(mapping) == 4:
        return mapping[0], mapping[2], mapping[3]
    raise ValueError(f"a mapping has two or four parts, this one has {len(mapping)}: {mapping!r}")
