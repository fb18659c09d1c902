"""Runs one statement and tells its result the way Livy does, which Glue follows.

All but the last node of the code run as `exec`, the last as an interactive statement; printed text and the
last expression's repr are the text. Code that Python can't parse because of `%` lines is split at them, and
the result of the last piece alone is shown.
"""
import ast
import base64
import contextlib
import io
import linecache
import sys
import traceback

import no_spark
import only_on_aws


class UnknownMagic(Exception):
    pass


class Printed(io.StringIO):
    """Keeps what is printed, up to a limit: a loop that prints for ever must not fill the memory of the machine."""

    limit = 16_000_000

    def __init__(self):
        super().__init__()
        self._left = self.limit
        self._is_cut = False

    def write(self, text):
        if len(text) > self._left:
            self._is_cut = True
        super().write(text[: self._left])
        self._left -= min(self._left, len(text))
        return len(text)

    def text(self):
        note = f"\nLocal Glue keeps the first {self.limit:,} characters of what a cell prints.\n"
        return self.getvalue() + (note if self._is_cut else "")


def run(code, number, namespace, is_cancelled=lambda: True):
    """Returns {"text", "image"?, "html"?} or {"errorName", "errorValue", "traceback"}; lets KeyboardInterrupt pass when
    the statement was cancelled."""
    filename = f"<statement {number}>"
    lines = code.splitlines(keepends=True)
    linecache.cache[filename] = (len(code), None, lines, filename)
    printed = Printed()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            result = {}
            for piece in _pieces(code, filename):
                result = piece(namespace)
    except BaseException as error:  # SystemExit and the like end a statement, not the session
        if isinstance(error, KeyboardInterrupt) and is_cancelled():
            raise
        return _describe_error(error, filename)
    return {"text": printed.text(), **result}


def _pieces(code, filename):
    try:
        return [_python(code, filename, 0)]
    except SyntaxError as error:
        if not any(line.startswith("%") for line in code.splitlines()):
            raise error
    pieces, normal, start = [], [], 0
    for index, line in enumerate(code.rstrip().split("\n")):
        if not line.startswith("%"):
            normal.append(line)
            continue
        if normal:
            pieces.append(_python("\n".join(normal), filename, start))
        pieces.append(_magic(line))
        normal, start = [], index + 1
    if normal:
        pieces.append(_python("\n".join(normal), filename, start))
    return pieces


def _python(code, filename, lines_before):
    tree = ast.parse("\n" * lines_before + code, filename)
    first, last = tree.body[:-1], tree.body[-1:]

    def execute(namespace):
        for node in first:
            exec(compile(ast.Module([node], []), filename, "exec"), namespace)
        for node in last:
            exec(compile(ast.Interactive([node]), filename, "single"), namespace)
        return {}

    return execute


def _magic(line):
    name, _, argument = line[1:].strip().partition(" ")
    magics = {"matplot": _matplot, "plotly": _plotly}

    def execute(namespace):
        if name not in magics:
            raise UnknownMagic(f"magic command '{name}' not defined")
        return magics[name](argument.strip(), namespace)

    return execute


def _matplot(name, namespace):
    figures = namespace[name]
    buffer = io.BytesIO()
    figures.gcf().savefig(buffer, format="png", bbox_inches="tight")
    figures.close("all")
    return {"image": base64.b64encode(buffer.getvalue()).decode()}


def _plotly(name, namespace):
    return {"html": namespace[name].to_html(include_plotlyjs="cdn", full_html=False)}


def _describe_error(error, filename):
    name = type(error).__name__
    try:
        plain = str(error)
    except Exception as failure:  # the user's own __str__
        plain = f"<its text can't be told: {type(failure).__name__}>"
    value = plain[:1_000_000] + no_spark.explain(error) + only_on_aws.explain(plain[:1_000_000])
    lines = traceback.TracebackException.from_exception(error, compact=True)
    _keep_user_frames(lines, filename.split(" ")[0])
    text = [line[:1_000_000] for line in lines.format()]
    if value != plain:
        text[-1] = f"{name}: {value}\n"
    return {"errorName": name, "errorValue": value, "traceback": text}


def _keep_user_frames(described, prefix):
    """Leaves out the frames of this program and of libraries: the user's own lines are what can be mended."""
    if described is None:
        return
    described.stack = traceback.StackSummary.from_list(
        [frame for frame in described.stack if frame.filename.startswith(prefix)]
    )
    _keep_user_frames(described.__cause__, prefix)
    _keep_user_frames(described.__context__, prefix)
    for part in getattr(described, "exceptions", None) or ():
        _keep_user_frames(part, prefix)
