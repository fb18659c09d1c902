from awsglue.missing import NotInLocalGlue
from awsglue.paths import quoted

# Options that change how the service writes, not what.
_HINTS = ("updateBehavior", "enableUpdateCatalog", "transformation_ctx", "groupFiles", "groupSize")


class DataSink:
    """What getSink gives: writes frames to S3, and names what it wrote in the catalog when it is told where."""

    def __init__(self, glue_context, connection_type, options):
        if connection_type not in ("s3", "file"):
            raise NotInLocalGlue(f"connection_type '{connection_type}' in getSink")
        for name in options:
            if name not in ("path", "partitionKeys", "compression", *_HINTS):
                raise NotInLocalGlue(f"option '{name}' in getSink")
        self._glue_context = glue_context
        self._options = options
        self._format, self._format_options = None, {}
        self._table = None

    def setFormat(self, format, **options):
        self._format = format
        self._format_options = options.get("format_options", options)

    def setCatalogInfo(self, catalogDatabase, catalogTableName, catalogId="", **rest):
        self._table = (catalogDatabase, catalogTableName)

    def writeFrame(self, dynamic_frame, info=""):
        if self._format is None:
            raise ValueError("setFormat has to be called before writeFrame")
        keys = list(self._options.get("partitionKeys") or [])
        options = {"path": self._options["path"], "partitionKeys": keys}
        if self._options.get("compression"):
            options["compression"] = self._options["compression"]
        self._glue_context.write_dynamic_frame_from_options(
            dynamic_frame, "s3", options, self._format, self._format_options)
        if self._options.get("enableUpdateCatalog") and self._table is not None:
            self._name_in_catalog(keys)
        return dynamic_frame

    write = writeFrame

    def _name_in_catalog(self, keys):
        spark = self._glue_context.spark_session
        database, table = self._table
        if not spark.catalog.databaseExists(database):
            raise ValueError(f"EntityNotFoundException: Database {database} not found.")
        name = f"{quoted(database)}.{quoted(table)}"
        kind = "parquet" if self._format == "glueparquet" else self._format
        options = "OPTIONS (header 'true')" if kind == "csv" else ""
        # The table is external: its definition is made anew, the files stay.
        spark.sql(f"DROP TABLE IF EXISTS {name}")
        spark.sql(f"CREATE TABLE {name} USING {kind} {options} LOCATION '{self._options['path']}'")
        if keys:
            spark.sql(f"MSCK REPAIR TABLE {name}")
