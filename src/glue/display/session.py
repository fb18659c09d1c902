"""What the VS Code extension "Glue Sessions" installs in a session, once, to show tables and rich results.

A statement of that extension arms it for itself with begin(); in statements of others it does nothing. Whatever
fails in here leaves the plain output. Python 3.7 to 3.13, with or without pandas and Spark.
"""
import base64
import builtins
import collections
import datetime
import decimal
import io
import json
import sys
import types
import uuid

CELL_CHARACTERS = 100000
TABLE_CHARACTERS = 4000000
MOST_COLUMNS = 1000
MOST_KEPT_FRAMES = 50
LARGEST_INTEGER = 2 ** 53

state = types.SimpleNamespace(
    frame=None, id="", limit=1000, rows_at_once=False, figures=True, previous=sys.__displayhook__
)
kept = collections.OrderedDict()


def begin(person, id, limit, rows_at_once=False, with_display=False, with_figures=True):
    """Arms the display for the statement that calls this, and for no later one.

    The statement is known again by the frame of the program that runs its pieces one after the other: while that
    frame is on the stack it is still this statement. It is kept until the next call.
    """
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name == "<module>":
        frame = frame.f_back
    state.frame, state.id, state.limit, state.rows_at_once = frame, id, limit, rows_at_once
    # Where a magic shows the figure, what changed it before is not the result.
    state.figures = with_figures
    if sys.displayhook is not hook:
        state.previous = sys.displayhook
        sys.displayhook = hook
    if with_display:
        person.setdefault("display", display)


def is_armed():
    frame = sys._getframe(1)
    while frame is not None:
        if frame is state.frame:
            return True
        frame = frame.f_back
    return False


def hook(value):
    if not is_armed():
        sys.displayhook = state.previous
        return state.previous(value)
    shown = described(value, state.rows_at_once)
    if shown is None and state.figures and is_figure(value):
        shown = bundle(value)
    if shown is None:
        return state.previous(value)
    emit(shown)
    builtins._ = value


def display(*values, **_options):
    """As notebooks have it: tables with their rows, and the rich forms that an object gives of itself."""
    for value in values:
        shown = (described(value, True) or bundle(value)) if is_armed() else None
        if shown is None:
            print(repr(value))
        else:
            emit(shown)


def sql(frame):
    """Shows the rows of a query."""
    shown = described(frame, True) if is_armed() else None
    if shown is None:
        frame.show(truncate=False)
    else:
        emit(shown)


def rows(token):
    """Shows the rows of a DataFrame whose schema was shown before."""
    if token not in kept:
        raise LookupError("The session no longer holds this DataFrame. Run its cell again.")
    shown = described(kept[token], True)
    if shown is None:
        kept[token].show(truncate=False)
    else:
        emit(shown)


def emit(shown):
    text = json.dumps(shown, separators=(",", ":"), default=str)
    sys.stdout.write("<glue-sessions:%s>%s</glue-sessions:%s>\n" % (state.id, text, state.id))


def described(value, with_rows):
    """A frame as a table, or as its schema; None for anything else, and where it can't be had."""
    try:
        if is_pandas(value):
            return pandas_table(value)
        if not is_spark(value):
            return None
        if not with_rows or value.isStreaming:
            return spark_schema(value)
        selected, columns = readable(value)
    except Exception:  # the plain output says what there is to say
        return None
    # What fails from here on is the person's own job: it is theirs to see.
    found = [list(row) for row in selected.take(state.limit + 1)]
    return table("spark", columns, found[: state.limit], None, len(found) > state.limit)


def is_pandas(value):
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def is_spark(value):
    return any(
        kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql") for kind in type(value).__mro__
    )


def is_figure(value):
    """Whether it is one of plotly, whose text says nothing that anyone would read."""
    return any(kind.__name__ == "BaseFigure" and kind.__module__.startswith("plotly.") for kind in type(value).__mro__)


def table(source, columns, found, total, has_more):
    result, characters, is_cut = [], 0, False
    for row in found:
        shown = [cell(value) for value in row]
        characters += sum(len(value) if isinstance(value, str) else 8 for value in shown)
        if characters > TABLE_CHARACTERS and result:
            is_cut = True
            break
        result.append(shown)
    return {
        "kind": "table",
        "source": source,
        "columns": columns,
        "rows": result,
        "total": total,
        "hasMore": has_more or is_cut,
        "isCut": is_cut,
    }


def cell(value):
    """JSON has no NaN, no bytes, no dates, and no integer beyond 2**53 that every reader keeps exact."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if kind is int:
        return value if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else str(value)
    if kind is float:
        if value != value:
            return "NaN"
        return value if abs(value) != float("inf") else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, (bytes, bytearray, memoryview)):
        text = "0x" + bytes(value[: CELL_CHARACTERS // 2]).hex()
    else:
        text = str(value)
    # Half a surrogate pair can't be encoded by whoever reads it.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= CELL_CHARACTERS else text[:CELL_CHARACTERS] + "\u2026"


def pandas_table(frame):
    part = frame.iloc[: state.limit, :MOST_COLUMNS]
    columns, values = [], []

    def add(name, dtype, found):
        columns.append({"name": name, "type": str(dtype), "kind": pandas_kind(dtype, found)})
        values.append(found)

    index = part.index
    is_default = type(index).__name__ == "RangeIndex" and (index.start, index.step, index.name) == (0, 1, None)
    for level in range(0 if is_default else index.nlevels):
        labels = index.get_level_values(level)
        add("" if labels.name is None else str(labels.name), labels.dtype, labels.tolist())
    for position, label in enumerate(part.columns):
        series = part.iloc[:, position]
        name = " / ".join(str(part) for part in label) if isinstance(label, tuple) else str(label)
        add(name, series.dtype, series.tolist())
    shown = table("pandas", columns, zip(*values), len(frame), len(frame) > len(part))
    shown["text"] = repr(frame)
    shown["columnsLeftOut"] = max(0, frame.shape[1] - MOST_COLUMNS)
    return shown


def pandas_kind(dtype, values):
    kinds = {"i": "integer", "u": "integer", "f": "float", "b": "boolean", "M": "date"}
    kind = kinds.get(getattr(dtype, "kind", "O"))
    if kind is not None:
        return kind
    first = next((value for value in values if value is not None and value == value), None)
    for known, types_of_it in (
        ("boolean", bool),
        ("integer", int),
        ("float", float),
        ("decimal", decimal.Decimal),
        ("date", datetime.date),
        ("text", str),
        ("binary", (bytes, bytearray)),
    ):
        if isinstance(first, types_of_it):
            return known
    return "other"


def spark_schema(frame):
    token = uuid.uuid4().hex
    if not frame.isStreaming:
        kept[token] = frame
        while len(kept) > MOST_KEPT_FRAMES:
            kept.popitem(last=False)
    return {
        "kind": "schema",
        "columns": [
            {"name": field.name, "type": field.dataType.simpleString(), "isNullable": field.nullable}
            for field in frame.schema.fields
        ],
        "frame": token if token in kept else None,
        "text": repr(frame),
    }


def readable(frame):
    """The frame with each column as JSON can carry it, long text cut before it reaches the driver."""
    from pyspark.sql import functions

    fields = frame.schema.fields
    # Columns may share a name, and a name may hold dots.
    renamed = frame.toDF(*["c%d" % position for position in range(len(fields))])
    columns, expressions = [], []
    for position, field in enumerate(fields[:MOST_COLUMNS]):
        name = field.dataType.simpleString()
        kind = spark_kind(name)
        columns.append({"name": field.name, "type": name, "kind": kind})
        column = functions.col("c%d" % position)
        if kind == "binary":
            column = functions.substring(column, 1, CELL_CHARACTERS // 2)
        elif kind not in ("integer", "float", "boolean"):
            # Spark's own text: as show() has it, times in the session's time zone.
            column = functions.substring(column.cast("string"), 1, CELL_CHARACTERS + 1)
        expressions.append(column)
    return renamed.select(*expressions), columns


def spark_kind(name):
    kinds = {
        "tinyint": "integer",
        "smallint": "integer",
        "int": "integer",
        "bigint": "integer",
        "float": "float",
        "double": "float",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "date",
        "timestamp_ntz": "date",
        "string": "text",
        "binary": "binary",
    }
    return "decimal" if name.startswith("decimal") else kinds.get(name, "other")


def bundle(value):
    """What an object shows of itself in notebooks, by MIME type; None when it has no such form, or fails at it."""
    try:
        data = forms(value)
        if not data:
            return None
        return {"kind": "bundle", "data": json.loads(json.dumps(data, default=str)), "text": repr(value)}
    except Exception:  # the plain output says what there is to say
        return None


def forms(value):
    kind = type(value)
    if hasattr(kind, "to_plotly_json"):
        return {"application/vnd.plotly.v1+json": json.loads(value.to_json())}
    if kind.__module__ == "matplotlib.figure":
        buffer = io.BytesIO()
        value.savefig(buffer, format="png", bbox_inches="tight")
        return {"image/png": base64.b64encode(buffer.getvalue()).decode()}
    if hasattr(kind, "_repr_mimebundle_"):
        found = value._repr_mimebundle_()
        return found[0] if isinstance(found, tuple) else found
    data = {}
    for name, mime in (
        ("_repr_html_", "text/html"),
        ("_repr_markdown_", "text/markdown"),
        ("_repr_latex_", "text/latex"),
        ("_repr_svg_", "image/svg+xml"),
        ("_repr_png_", "image/png"),
        ("_repr_jpeg_", "image/jpeg"),
        ("_repr_json_", "application/json"),
    ):
        found = getattr(value, name)() if hasattr(kind, name) else None
        found = found[0] if isinstance(found, tuple) else found
        if found is not None:
            data[mime] = base64.b64encode(found).decode() if isinstance(found, bytes) else found
    return data


module = types.ModuleType("_glue_sessions")
module.begin, module.display, module.sql, module.rows, module.version = begin, display, sql, rows, VERSION
sys.modules["_glue_sessions"] = module
