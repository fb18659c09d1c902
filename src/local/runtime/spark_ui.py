"""Spark's own UI, started when somebody asks for it: until then it costs no time, and no port is open."""
import threading

import spark_context

_lock = threading.Lock()
_ui = None
_context = None


def address():
    """Where the UI of the present SparkContext is, on the loopback; None where there is no Spark."""
    global _ui, _context
    with _lock:
        context = spark_context.live_context()
        if context is None:
            return None
        if context is not _context:
            # One of a context that was stopped would tell of jobs that are over and gone.
            if _ui is not None:
                _ui.stop()
            _ui, _context = _start(context), context
        return f"http://127.0.0.1:{_ui.boundPort()}"


def _start(context):
    """As SparkContext makes it when spark.ui.enabled is true. SPARK_LOCAL_IP has it bound to the loopback."""
    jvm, java_context = context._jvm, context._jsc.sc()
    ui = jvm.org.apache.spark.ui.SparkUI.create(
        jvm.scala.Some(java_context),
        java_context.statusStore(),
        java_context.conf(),
        java_context.env().securityManager(),
        java_context.appName(),
        "",
        java_context.startTime(),
        java_context.version(),
    )
    statements = spark_context.session_state().statusStore()
    jvm.org.apache.spark.sql.execution.ui.SQLTab(statements, ui)
    ui.setAppId(java_context.applicationId())
    ui.bind()
    ui.attachAllHandlers()
    return ui
