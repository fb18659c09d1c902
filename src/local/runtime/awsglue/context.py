from pyspark.sql import SQLContext, SparkSession

from awsglue.dynamicframe import DataFrameReader, DynamicFrame, DynamicFrameReader, DynamicFrameWriter
from awsglue.missing import NotInLocalGlue
from awsglue.sink import DataSink

_FORMATS = ("json", "csv", "parquet")

# Options that change how the service reads and writes, not what.
_HINTS = ("groupFiles", "groupSize", "useS3ListImplementation")


class GlueContext:
    """GlueContext over a plain SparkContext: the same SparkSession, frames read and written with Spark."""

    def __init__(self, sparkContext, **options):
        self._sc = sparkContext
        self.spark_session = SparkSession.builder.getOrCreate()
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)
        self.create_data_frame = DataFrameReader(self)

    @property
    def sparkContext(self):
        return self._sc

    def getSparkSession(self):
        return self.spark_session

    def get_logger(self):
        import logging

        return logging.getLogger("glue")

    def sql(self, query):
        return self.spark_session.sql(query)

    def create_dynamic_frame_from_options(self, connection_type, connection_options=None, format=None,
                                          format_options=None, transformation_ctx="", **rest):
        options = dict(connection_options or {})
        if connection_type not in ("s3", "file"):
            raise NotInLocalGlue(f"connection_type '{connection_type}' in create_dynamic_frame.from_options")
        if format not in _FORMATS:
            raise NotInLocalGlue(f"format '{format}' in create_dynamic_frame.from_options")
        paths = options.get("paths") or [options["path"]]
        reader = self.spark_session.read.format(format)
        if options.get("recurse"):
            reader = reader.option("recursiveFileLookup", "true")
        _refuse_unknown("connection option", options, ("paths", "path", "recurse", *_HINTS))
        given = _spark_options(format, format_options)
        for key, value in given.items():
            reader = reader.option(key, value)
        frame = reader.load(paths)
        if format == "csv" and given.get("header") != "true":
            # Glue's names for columns without a header; Spark's are _c0, _c1.
            frame = frame.toDF(*(f"col{index}" for index in range(len(frame.columns))))
        return DynamicFrame(frame, self, transformation_ctx)

    def create_dynamic_frame_from_catalog(self, database, table_name, transformation_ctx="",
                                          push_down_predicate="", **rest):
        frame = self.spark_session.table(f"`{database}`.`{table_name}`")
        return DynamicFrame(frame.where(push_down_predicate) if push_down_predicate else frame, self, transformation_ctx)

    def create_sample_dynamic_frame_from_catalog(self, database, table_name, num=10, transformation_ctx="", **rest):
        frame = self.create_dynamic_frame_from_catalog(database, table_name, transformation_ctx, **rest)
        return DynamicFrame(frame.toDF().limit(int(num)), self, transformation_ctx)

    def create_sample_dynamic_frame_from_options(self, connection_type, connection_options=None, num=10, format=None,
                                                 format_options=None, transformation_ctx="", **rest):
        frame = self.create_dynamic_frame_from_options(
            connection_type, connection_options, format, format_options, transformation_ctx)
        return DynamicFrame(frame.toDF().limit(int(num)), self, transformation_ctx)

    def create_data_frame_from_catalog(self, database, table_name, transformation_ctx="", **rest):
        return self.create_dynamic_frame_from_catalog(database, table_name, transformation_ctx, **rest).toDF()

    def getSink(self, connection_type, format=None, transformation_ctx="", **options):
        sink = DataSink(self, connection_type, options)
        if format is not None:
            sink.setFormat(format)
        return sink

    def write_dynamic_frame_from_options(self, frame, connection_type, connection_options=None, format=None,
                                         format_options=None, transformation_ctx="", **rest):
        options = dict(connection_options or {})
        if connection_type not in ("s3", "file"):
            raise NotInLocalGlue(f"connection_type '{connection_type}' in write_dynamic_frame.from_options")
        name = "parquet" if format == "glueparquet" else format
        if name not in _FORMATS:
            raise NotInLocalGlue(f"format '{format}' in write_dynamic_frame.from_options")
        _refuse_unknown("connection option", options, ("path", "partitionKeys", "compression", *_HINTS))
        writer = frame.toDF().write.mode("append").format(name)
        defaults = {"header": "true"} if name == "csv" else {}
        for key, value in {**defaults, **_spark_options(name, format_options)}.items():
            writer = writer.option(key, value)
        if options.get("compression"):
            writer = writer.option("compression", options["compression"])
        if options.get("partitionKeys"):
            writer = writer.partitionBy(*options["partitionKeys"])
        writer.save(options["path"])
        return frame

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"GlueContext.{name}")


def _refuse_unknown(kind, given, known):
    unknown = [key for key in given if key not in known]
    if unknown:
        raise NotInLocalGlue(f"{kind} '{unknown[0]}'")


def _spark_options(format, options):
    """Glue's names of format options in Spark's words."""
    names = {"withHeader": "header", "writeHeader": "header", "separator": "sep", "quoteChar": "quote",
             "escaper": "escape", "multiline": "multiLine", "multiLine": "multiLine"}
    given = dict(options or {})
    for ignored in ("optimizePerformance", "useGlueParquetWriter"):
        given.pop(ignored, None)
    unknown = [key for key in given if key not in names and key not in ("compression", "jsonPath")]
    if unknown or "jsonPath" in given:
        raise NotInLocalGlue(f"format option '{(unknown or ['jsonPath'])[0]}' for {format}")
    return {names.get(key, key): str(value).lower() if isinstance(value, bool) else str(value)
            for key, value in given.items()}
