"""Spark for a session: made with S3 as a folder, watched for progress, and stopped job by job."""
import os
import pathlib
import re
import tempfile

try:
    from py4j.protocol import Py4JError
except ImportError:  # without Spark nothing here runs
    Py4JError = OSError

_session = None
_root = None
_buckets = set()
_announced_to = None
_catalog = []
_filled_for = None


def create(s3_directory, arguments, catalog, python_path):
    """Workers get this path too, as they have modules, files and awsglue on AWS."""
    global _session, _root, _catalog
    _root, _catalog = s3_directory, catalog
    from pyspark.sql import SparkSession

    scratch = tempfile.mkdtemp(prefix="glue-session-")
    builder = SparkSession.builder.master("local[2]").appName("GlueSession")
    settings = {
        # It is started when somebody asks for it: see spark_ui.py.
        "spark.ui.enabled": "false",
        "spark.ui.port": "0",
        "spark.ui.killEnabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": os.path.join(scratch, "warehouse"),
        "spark.local.dir": scratch,
        "spark.log.level": "ERROR",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join([*python_path, os.path.dirname(os.path.abspath(__file__))]),
        "spark.ui.showConsoleProgress": "false",
        "spark.hadoop.fs.viewfs.overload.scheme.target.file.impl": "org.apache.hadoop.fs.LocalFileSystem",
        **_conf(arguments.get("--conf", "")),
    }
    for scheme in ("s3", "s3a"):
        # Hadoop's own overlay: each bucket is a mount whose target is its folder.
        settings[f"spark.hadoop.fs.{scheme}.impl"] = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
    for key, value in settings.items():
        builder = builder.config(key, value)
    _session = builder.getOrCreate()
    _keep_for_later_contexts(settings)
    _announce_in_arguments()
    _announce_all(_session.sparkContext, "")
    _fill_catalog(_session.sparkContext)
    return _session


def announce_buckets(text):
    """Makes the buckets that a text names known to Spark, and to a Spark made anew the catalog."""
    global _announced_to
    context = live_context()
    if context is None:
        return
    from pyspark.errors import PySparkException

    try:
        _announce_all(context, text)
        _fill_catalog(context)
    except (OSError, Py4JError, PySparkException):  # a JVM that is gone: the code itself will tell
        _announced_to = None


def _announce_all(context, text):
    global _announced_to
    if context is not _announced_to:
        _buckets.clear()
        _announced_to = context
        for name in os.listdir(_root):
            _announce(name, context)
    for name in re.findall(r"s3[an]?://([^/\s'\"{}]+)", text):
        _announce(name, context)


def progress():
    """Share of the tasks of the running jobs that are done, 0 to 1; None when no job runs."""
    context = live_context()
    if context is None:
        return None
    try:
        tracker = context.statusTracker()
        done = total = 0
        for job in tracker.getActiveJobsIds():
            for stage in (tracker.getJobInfo(job) or ()).stageIds:
                info = tracker.getStageInfo(stage)
                if info is not None:
                    done += info.numCompletedTasks
                    total += info.numTasks
        return round(done / total, 3) if total else None
    except Exception:  # a job that ends while it is looked at, or a context stopped by the user
        return None


def cancel_jobs():
    context = live_context()
    if context is None:
        return
    try:
        context.cancelAllJobs()
    except (OSError, Py4JError, AttributeError):  # stopped meanwhile, or its JVM is gone: nothing runs there
        return


def live_context():
    """The SparkContext of the moment: code may stop one and make another."""
    if _session is None:
        return None
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    # One that is being made, or was stopped, has none.
    return context if getattr(context, "_jsc", None) is not None else None


def session_state():
    """What the sessions of the present SparkContext share."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()._jsparkSession.sharedState()


def _keep_for_later_contexts(settings):
    """A SparkConf takes the JVM's properties: a context that code makes after stopping this one gets the same settings."""
    jvm_system = _session.sparkContext._jvm.java.lang.System
    for key, value in {"spark.master": "local[2]", "spark.app.name": "GlueSession", **settings}.items():
        jvm_system.setProperty(key, value)


def _conf(text):
    pairs = (part.strip() for part in re.split(r"(?:^|\s)--conf\s+", text))
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def _announce(bucket, context):
    if bucket in _buckets:
        return
    folder = os.path.join(_root, bucket)
    os.makedirs(folder, exist_ok=True)
    _buckets.add(bucket)
    address = pathlib.Path(folder).as_uri()
    context._jsc.hadoopConfiguration().set(f"fs.viewfs.mounttable.{bucket}.linkFallback", address)


def _announce_in_arguments():
    """Buckets whose names the code puts together show only in the arguments of these methods."""
    from pyspark.sql import SparkSession
    from pyspark.sql.readwriter import DataFrameReader, DataFrameWriter

    def wrap(owner, name):
        original = getattr(owner, name)

        def announcing(self, *args, **kwargs):
            for value in (*args, *kwargs.values()):
                for item in value if isinstance(value, (list, tuple)) else (value,):
                    if isinstance(item, str):
                        announce_buckets(item)
            return original(self, *args, **kwargs)

        announcing.__name__, announcing.__doc__ = name, original.__doc__
        setattr(owner, name, announcing)

    for name in ("load", "json", "csv", "parquet", "orc", "text", "option", "options"):
        wrap(DataFrameReader, name)
    for name in ("save", "json", "csv", "parquet", "orc", "text", "option", "options"):
        wrap(DataFrameWriter, name)
    wrap(SparkSession, "sql")
    wrap(SparkSession, "table")


def _fill_catalog(context):
    """The catalog is Glue's, not Spark's: it is there again in a context that code makes after stopping this one."""
    global _session, _filled_for
    from pyspark.sql import SparkSession

    session = SparkSession._instantiatedSession
    if context is _filled_for or session is None or session._sc is not context:
        return
    # Before, since what fills it comes by here again.
    _session, _filled_for = session, context
    for database in _catalog:
        _create_database(database["name"])
        for number, table in enumerate(database["tables"]):
            columns = ", ".join(f"`{item['name']}` {item['type']}" for item in table["columns"])
            options = "OPTIONS (header 'true')" if table["format"] == "csv" else ""
            name = table["name"] if _is_plain(table["name"]) else f"table_{number}"
            _session.sql(
                f"CREATE TABLE IF NOT EXISTS `{database['name']}`.`{name}` "
                f"{'(' + columns + ')' if columns else ''} USING {table['format']} {options} "
                f"LOCATION '{table['location']}'"
            )
            if name != table["name"]:
                _external_catalog().renameTable(database["name"], name, table["name"])


def _create_database(name):
    """Names in Glue's catalog may have dashes and more; Spark reads them, and only refuses to make them."""
    if _is_plain(name):
        _session.sql(f"CREATE DATABASE IF NOT EXISTS `{name}`")
        return
    jvm = _session.sparkContext._jvm
    place = jvm.java.net.URI.create(pathlib.Path(tempfile.mkdtemp(prefix="glue-session-")).as_uri())
    properties = jvm.PythonUtils.toScalaMap(jvm.java.util.HashMap())
    made = jvm.org.apache.spark.sql.catalyst.catalog.CatalogDatabase(name, "", place, properties)
    _external_catalog().createDatabase(made, True)


def _external_catalog():
    return session_state().externalCatalog()


def _is_plain(name):
    return re.fullmatch(r"\w+", name) is not None
